import os
import signal
import uuid

from chapter import Chapter


class ALineGoesDown(Chapter):
    """Friday at six: what do I tell the carrier, and whom do I call?"""

    KEYS = ("(617) 555-0149", "32 hcgs 123456 sw", "HCGS", "L3-440771", "2100 Main St, Boston", "seven hills")

    def made(self, file, service, method, /, **request):
        answer = self.call(file, service, method, request)
        self.assertNotIn("code", answer, answer)
        return answer

    def look_up(self, query):
        return self.here.holdfast("lookup", query)[0]

    def until(self, query, holds):
        """Other services' facts come by Kafka: the answer as soon as it has them."""
        for _ in range(300):
            answer = self.look_up(query)
            if holds(answer):
                return answer
        self.fail(f"not within 300 lookups: {answer}")

    def end(self, process):
        os.kill(self.here.processes[process], signal.SIGTERM)

    def test_1_its_book_is_known(self):
        self.left.customer = self.here.holdfast("accounts", "create", "Seven Hills Bakery", "--owner-id",
                                                self.left.account["ownerId"], "--status", "active")[0]
        account = self.left.customer["id"]
        site = self.made("accounts/v1/accounts", "AccountService", "AddLocation", accountId=account, name="Branch",
                         street="2100 Main Street, Suite 4", city="Boston", state="MA", timeZone="America/New_York",
                         mainPhone="617-555-0100")
        carrier = self.made("accounts/v1/carriers", "CarrierService", "CreateCarrier", name="Ridgeline Fiber")
        self.made("accounts/v1/carriers", "CarrierService", "AddCarrierContact", carrierId=carrier["id"],
                  function="repair", phone="303-555-0111", afterHoursPhone="303-555-0199",
                  hours=["Mon-Fri 08:00-17:00"], timeZone="America/Denver")
        billed = self.made("accounts/v1/carriers", "CarrierService", "AddCarrierAccount", carrierId=carrier["id"],
                           accountId=account, number="L3-440 771", btn="617-555-0149")
        self.made("accounts/v1/products", "ProductService", "AddProduct", accountId=account, locationId=site["id"],
                  carrierId=carrier["id"], carrierAccountId=billed["id"], circuitId="32/HCGS/123456//SW", service="DIA")
        self.left.site = site

    def test_2_each_key_finds_it(self):
        for query in self.KEYS:
            answer = self.look_up(query)
            self.assertEqual(answer["card"]["accountId"], self.left.customer["id"], query)
            self.assertIn("32/HCGS/123456//SW", str(answer["card"]["products"]), query)
        desk = self.look_up("32/HCGS/123456//SW")["card"]["carriers"][0]["repair"][0]
        order = ["+13035550111", "+13035550199"]
        self.assertEqual(desk["phones"], order if desk["open"] else order[::-1])

    def test_3_it_shows_what_other_services_know_and_how_old_that_is(self):
        self.here.holdfast("tickets", "open", self.left.customer["id"], "Dark again", "--location-id",
                           self.left.site["id"], "--priority", "p2")
        self.made("contracts/v1/contracts", "ContractService", "CreateContract", accountId=self.left.customer["id"],
                  number=f"C-{uuid.uuid4()}", carrierName="Lumen",
                  plan={"termStart": "2026-06-01", "termMonths": 12, "termClock": "TERM_CLOCK_INSTALL",
                        "endOfTermAction": "END_OF_TERM_ACTION_ROLL", "noticeValue": 60,
                        "noticeUnit": "NOTICE_UNIT_CALENDAR_DAYS", "timeZone": "America/New_York"})
        answer = self.until("32/HCGS/123456//SW", lambda one: one["card"]["tickets"] and one["card"]["contracts"])
        card = answer["card"]
        self.assertEqual([ticket["name"] for ticket in card["tickets"]], ["Dark again"])
        self.assertEqual(card["contracts"][0]["termEnd"], "2027-05-31")
        self.assertEqual(card["contracts"][0]["noticeDeadline"], "2027-04-01")
        self.assertEqual({source["topic"] for source in card["sources"]}, {"holdfast.contracts", "holdfast.tickets"})

    def test_4_it_answers_with_redis_stopped(self):
        self.end("redis")
        for query in self.KEYS:
            self.assertEqual(self.look_up(query)["card"]["accountId"], self.left.customer["id"], query)
        self.here.up()

    def test_5_it_answers_with_contracts_and_tickets_stopped(self):
        if "contracts" not in self.here.processes:
            self.skipTest("one process holds all services; tools/up --apart tells this")
        self.end("contracts")
        self.end("tickets")
        card = self.look_up("32/HCGS/123456//SW")["card"]
        self.assertEqual(card["contracts"][0]["noticeDeadline"], "2027-04-01")
        self.assertTrue(all(int(source["sequence"]) > 0 for source in card["sources"]))
        self.here.up()

    def test_6_nothing_found_is_told_with_what_was_looked_for(self):
        answer = self.look_up("212-555-0198")
        self.assertEqual(answer["matches"], [])
        self.assertIn({"kind": "LOOKUP_KIND_PHONE", "text": "+12125550198", "partial": False}, answer["tried"])
