import uuid

from chapter import Chapter, client
from installation import run


class OpenATicket(Chapter):
    """Leaves `account` and `ticket`."""

    def test_1_its_owner_is_told_by_mail(self):
        staff = self.here.holdfast(
            "agencies", "add-staff", "Jan Owner", "--email", "jan@agency.example", "--time-zone", "America/Denver"
        )[0]
        account = self.here.holdfast(
            "accounts", "create", "Alder Point Credit Union", "--owner-id", staff["id"], "--status", "active", "--tier",
            "key",
        )[0]
        location = self.here.holdfast(
            "accounts", "add-location", account["id"], "HQ", "--time-zone", "America/New_York"
        )[0]
        opening = ("tickets", "open", account["id"], "Circuit down", "--location-id", location["id"], "--priority", "p1",
                   "--request-id", str(uuid.uuid4()))
        ticket = self.here.holdfast(*opening)[0]
        self.assertEqual(self.here.holdfast(*opening)[0], ticket, "a repeated request is answered as the first time")
        self.left.account, self.left.ticket = account, ticket

        told = self.mailbox.wait_to("jan@agency.example")
        self.assertEqual(len(told), 1, "one mail for one ticket")
        message = told[0]
        self.assertIn("Circuit down", message["subject"] + message.get_body(("plain",)).get_content())

    def test_2_the_event_is_on_kafka_for_kafkajs_and_kcat(self):
        event = client("consume.js", self.here.addresses["kafka"], "holdfast.tickets", 1)[0]
        headers = event["headers"]
        self.assertEqual(headers["ce_type"], "holdfast.ticket-opened.v1")
        self.assertEqual(headers["ce_specversion"], "1.0")
        self.assertEqual(headers["ce_sequence"], "1")
        self.assertTrue(event["key"].endswith("/" + self.left.account["id"]))
        seen = run(["kcat", "-b", self.here.addresses["kafka"], "-t", "holdfast.tickets", "-C", "-e", "-q", "-f", "%h\n"])
        self.assertIn(headers["ce_id"], seen)
