"""What Holdfast stands on is taken away, and given back: what was promised of it meanwhile, and that nothing is missing."""

import argparse
import datetime
import json
import os
import sys
import threading
import time
import unittest

from receivers import MailServer, Target
from stand import AGENCY, Agency, Refusal, Stand, eventually, ports

WORKERS = 4  # that deliver webhooks: few, so that few that hang could take them all
ARGUMENTS = argparse.Namespace()


HERE = argparse.Namespace()  # one installation, which each test leaves whole, and two agencies of it


def setUpModule():
    HERE.mail = MailServer()
    unittest.addModuleCleanup(HERE.mail.end)
    HERE.stand = Stand(ARGUMENTS.build, ARGUMENTS.preset, ARGUMENTS.state or f"{ARGUMENTS.build}/absences")
    unittest.addModuleCleanup(HERE.stand.end)
    HERE.stand.start({
        "HOLDFAST_NOTIFICATIONS_MAIL_SMTP_URL": HERE.mail.url,
        "HOLDFAST_NOTIFICATIONS_MAIL_FROM": "holdfast@agency.example",
        "HOLDFAST_NOTIFICATIONS_MAIL_TLS": "whenOffered",
        "HOLDFAST_NOTIFICATIONS_WEBHOOKS_ALLOW_PRIVATE_TARGETS": "true",
        "HOLDFAST_NOTIFICATIONS_WEBHOOKS_WORKERS": str(WORKERS),
    })
    HERE.one, HERE.other = Agency(HERE.stand, "Cedar"), Agency(HERE.stand, "Birch")


class Absences(unittest.TestCase):
    def setUp(self):
        self.stand, self.mail, self.one, self.other = HERE.stand, HERE.mail, HERE.one, HERE.other

    def target(self, agency, address, *accounts):
        """Somebody who is told of these accounts' tickets, and answers."""
        target = Target(address)
        self.addCleanup(target.end)
        flags = [flag for account in accounts for flag in ("--account-ids", account)]
        made = agency.told("subscriptions", "create", target.url, "--event-names", "ticket-opened", *flags)[0]["subscription"]["id"]
        self.addCleanup(lambda: agency.told("subscriptions", "delete", made))
        return target

    def check_streams(self, topic):
        """First deliveries of each stream come in order and without a gap. Answers the ids of each, in that order."""
        streams = {}
        for stream, sequence, event, _ in self.stand.events(topic):
            streams.setdefault(stream, {}).setdefault(event, sequence)
        for stream, seen in streams.items():
            self.assertEqual(list(seen.values()), list(range(1, len(seen) + 1)), stream)
        return {stream: list(seen) for stream, seen in streams.items()}


class Kafka(Absences):
    def test_while_it_is_away_writes_are_acknowledged_and_then_they_drain_in_order(self):
        accounts = [self.one.account(name) for name in ("Ash", "Beech", "Elder")]
        told = self.target(self.one, "127.0.0.3", *accounts)
        opened = {account: 0 for account in accounts}

        def write(seconds, least):
            end_at, written = time.monotonic() + seconds, 0
            while written < least or time.monotonic() < end_at:
                account = accounts[written % len(accounts)]
                self.one.open_ticket(account, f"Line {written}")
                opened[account] += 1
                written += 1

        write(0, 3)
        self.stand.hang("kafka")
        write(ARGUMENTS.kafka_away_s * 0.6, 20)
        self.stand.wake("kafka")
        self.stand.kill("kafka")
        write(ARGUMENTS.kafka_away_s * 0.4, 10)
        total = sum(opened.values())
        waiting = total - len(set(told.ids))
        self.assertGreaterEqual(waiting, 30, "what was written since then waits")
        self.stand.bring_back("kafka")

        told.wait_for(total)
        streams = self.check_streams("holdfast.tickets")
        names = {event: kind for _, _, event, kind in self.stand.events("holdfast.tickets")}
        for account, count in opened.items():
            stream = next(stream for stream in streams if stream.endswith(account))
            published = [event for event in streams[stream] if names[event] == "ticket-opened"]
            self.assertEqual(len(published), count, "each that was acknowledged, once")
            self.assertEqual(told.events()[stream], published, "whoever subscribed was told in their order")
        self.stand.verify()
        print(f"Kafka away: {total} tickets acknowledged, {waiting} of them waited for it; drained in order")


class PostgreSql(Absences):
    def is_ready(self):
        return {self.stand.page(service, "readyz")[0] for service in self.stand.installed.programs()} == {200}

    def check_not_ready_but_alive(self):
        for service in self.stand.installed.programs():
            def unready():
                status, page = self.stand.page(service, "readyz")
                return json.loads(page) if status == 503 else None
            page = eventually(unready, f"{service} is not ready")
            missing = [check["name"] for check in page["checks"] if not check["ready"]]
            self.assertEqual(missing, [f"{service}.database"], "it says which part is missing")
            self.assertEqual(self.stand.page(service, "healthz"), (200, "ok\n"), "to restart it would help nobody")

    def test_when_it_is_gone_calls_are_answered_so_and_it_comes_back_by_itself(self):
        account = self.one.account("Hazel")
        ticket = self.one.open_ticket(account, "Noise")
        pids = self.stand.pids()
        self.stand.kill("postgres")
        self.check_not_ready_but_alive()
        writing = ("tickets", "open", account, "More noise", "--priority", "p1")
        for call in (("tickets", "show", ticket), writing, ("accounts", "show", account)):
            with self.assertRaises(Refusal) as refused:
                self.one.told(*call)
            # Not DEADLINE_EXCEEDED: the answer came within the deadline that the call had.
            self.assertEqual((refused.exception.status, refused.exception.reason), (3, "DATABASE_UNAVAILABLE"), call)
        self.stand.bring_back("postgres")
        eventually(self.is_ready, "all are ready again")
        self.assertEqual(self.one.told("tickets", "show", ticket)[0]["name"], "Noise")
        self.one.open_ticket(account, "Static")
        self.assertEqual(self.stand.pids(), pids, "nobody was started anew")
        self.stand.verify()

    def test_when_it_hangs_whoever_asks_is_told_and_it_goes_on_when_it_does(self):
        account = self.one.account("Willow")
        outcomes = []

        def ask():
            try:
                outcomes.append(self.one.open_ticket(account, "Silence"))
            except Refusal as refusal:
                outcomes.append(refusal.reason)

        self.stand.hang("postgres")
        asking = threading.Thread(target=ask)
        asking.start()
        try:
            self.check_not_ready_but_alive()
        finally:
            self.stand.wake("postgres")
        asking.join()
        # What was asked meanwhile was done, or was answered in time; what nobody knows is done at most once.
        eventually(self.is_ready, "all are ready again")
        self.assertEqual(len(outcomes), 1)
        tickets = self.one.told("tickets", "list", "--account-id", account)
        self.assertLessEqual(len(tickets), 1)
        if len(outcomes[0]) == 36:
            self.assertEqual([ticket["id"] for ticket in tickets], outcomes)
        self.one.open_ticket(account, "Hum")
        self.stand.verify()


class Redis(Absences):
    PHONE = "617-555-0142"

    def name(self):
        """What the card says that the number finds: both are kept in Redis."""
        return self.one.told("lookup", self.PHONE)[0]["card"]["accountName"]

    def number(self, name):
        return self.stand.number("accounts", f"holdfast_cache_{name}")

    def test_lookups_are_right_without_it_and_after_it(self):
        account = self.one.account("Rowan")
        self.one.told("accounts", "add-location", account, "Front desk", "--main-phone", self.PHONE,
                      "--time-zone", "America/New_York")
        for leave, come_back in ((self.stand.hang, self.stand.wake), (self.stand.kill, self.stand.bring_back)):
            before, after = f"Rowan before {leave.__name__}", f"Rowan after {leave.__name__}"
            self.one.told("accounts", "change", account, "--name", before)
            self.assertEqual(self.name(), before)
            self.assertEqual(self.name(), before)
            leave("redis")
            self.assertEqual(self.name(), before)
            self.one.told("accounts", "change", account, "--name", after)
            self.assertEqual(self.name(), after)
            eventually(lambda: self.number("linked") == 0, "it is known to be away")
            come_back("redis")
            eventually(lambda: self.number("linked") == 1, "it is known to be back")
            eventually(lambda: self.number("owed_drops") == 0, "it was told what is not so any more")
            # The process's own memory would answer: without it, what Redis remembers shows.
            self.stand.restart("accounts")
            eventually(lambda: self.number("linked") == 1, "it is there for the new process")
            self.assertEqual(self.name(), after)


class WhoIsTold(Absences):
    def test_a_mail_server_and_targets_that_hang_hold_up_nobody_else(self):
        accounts = [self.one.account("Alder"), self.one.account("Maple")]
        foreign = self.other.account("Yew")
        healthy = self.target(self.one, "127.0.0.3", *accounts)
        of_other = self.target(self.other, "127.0.0.4", foreign)
        self.one.open_ticket(accounts[0], "Before")
        self.other.open_ticket(foreign, "Before")
        for target in (healthy, of_other):
            target.wait_for(1)  # it is known to answer
        # More of them than there are workers.
        hanging = [self.target(self.one, f"127.0.0.{9 + number}", *accounts) for number in range(WORKERS + 2)]
        for one in (*hanging, self.mail):
            one.hang()
        mails, offered = len(self.mail.kept), self.mail.offered
        self.one.open_ticket(accounts[0], "The first", priority="p1")
        Target.wait_until(lambda: self.requests(hanging) > 0)
        self.mail.wait_until(lambda server: server.offered > offered)

        rounds = 6
        for number in range(rounds):
            for account in accounts:
                self.one.open_ticket(account, f"Line {number}", priority="p1")
            self.other.open_ticket(foreign, f"Line {number}", priority="p1")
        healthy.wait_for(2 + 2 * rounds)
        of_other.wait_for(1 + rounds)
        # All others were served before the first attempts at those that hang came to anything, even to an end: they have
        # three quarters of the workers together, and none was tried twice.
        self.assertLessEqual(self.requests(hanging), WORKERS * 3 // 4)
        self.assertEqual(sum(target.answered for target in hanging), 0)
        self.assertEqual(len(self.mail.kept), mails)

        for one in (*hanging, self.mail):
            one.wake()
        for target in hanging:
            target.wait_for(1 + 2 * rounds)
            told = {stream: events[-len(target.events()[stream]):] for stream, events in healthy.events().items()}
            self.assertEqual(target.events(), told, "and then they are told of all of it, in order")
        self.mail.wait_until(lambda server: len(server.kept) >= mails + 1 + 3 * rounds)
        self.stand.verify()

    def requests(self, targets):
        return sum(len(target.ids) for target in targets)


class Restore(Absences):
    """One database goes back to what it was, while Kafka and all other services go on from where they are."""

    TICKETS = "SELECT id, version, status FROM tickets ORDER BY id"
    CONTRACTS = "SELECT id, version, state FROM contracts ORDER BY id"

    def told_of(self, owner, query):
        """Whether accounts' copies are what their owner has."""
        return self.stand.rows("accounts", query) == self.stand.rows(owner, query)

    def ids_of(self, *topics):
        return {event for topic in topics for _, _, event, _ in self.stand.events(topic)}

    def restore(self, service):
        """It starts with its backup, and takes back what it has published since."""
        self.stand.stop(service)
        self.stand.restore(service)
        name = f"HOLDFAST_{service.upper()}_DB_RESTORED"
        os.environ[name] = "once"
        self.addCleanup(os.environ.pop, name, None)
        self.stand.installed.start_services()

    def start_as_ever(self, service):
        del os.environ[f"HOLDFAST_{service.upper()}_DB_RESTORED"]
        self.stand.restart(service)

    def books_agree(self, service):
        book = "SELECT id, version, name FROM accounts ORDER BY id"
        return self.stand.rows(service, book) == self.stand.rows("accounts", book)

    def ticket(self, verb, *arguments):
        return self.one.told("tickets", verb, *arguments)[0]

    def test_tickets_take_back_what_they_published_and_forgot(self):
        def told():
            return self.told_of("tickets", self.TICKETS)

        account = self.one.account("Linden")
        kept, changed = self.one.open_ticket(account, "Kept"), self.one.open_ticket(account, "Changed", "p1")
        eventually(told, "accounts has heard of it")
        self.stand.back_up("tickets")

        later = self.one.account("Poplar")
        forgotten = self.one.open_ticket(later, "Forgotten", "p1")
        self.ticket("assign", changed, self.one.owner)
        self.ticket("resolve", changed, "a card was replaced")
        resolved = self.ticket("show", changed)
        eventually(told, "accounts has heard of it")
        before = self.ids_of("holdfast.tickets")

        self.restore("tickets")
        self.assertEqual(self.ticket("show", changed), resolved)
        self.assertEqual(self.ticket("show", forgotten)["name"], "Forgotten")
        self.assertTrue(told(), "the copies are what their owner has")
        self.assertEqual(self.ids_of("holdfast.tickets"), before, "nothing is told twice")
        # Life goes on where it was: streams without a gap, changes that copies take.
        self.ticket("assign", forgotten, self.one.owner)
        self.ticket("assign", kept, self.one.owner)
        for place in (account, later):
            self.one.open_ticket(place, "Afterwards")
        eventually(lambda: len(self.ids_of("holdfast.tickets")) >= len(before) + 4, "it is published")
        self.check_streams("holdfast.tickets")
        eventually(told, "the copies follow")
        eventually(lambda: self.books_agree("tickets"), "so do its own")
        self.stand.verify()

        self.start_as_ever("tickets")
        self.one.open_ticket(later, "As ever")
        eventually(told, "all is as ever")

    def contract(self, verb, *arguments):
        return self.one.told("contracts", verb, *arguments)[0]

    def enter_contract(self, account, number):
        began = datetime.date.today() - datetime.timedelta(days=100)
        return self.contract("create", account, "--number", number, "--carrier-name", "Lumen", "--plan-term-start", str(began),
                             *self.plan(60))["id"]

    def plan(self, notice_days):
        return ("--plan-term-months", "36", "--plan-end-of-term-action", "auto-renew", "--plan-notice-value", str(notice_days),
                "--plan-notice-unit", "calendar-days", "--plan-time-zone", "America/New_York")

    def test_contracts_take_back_what_they_published_and_forgot(self):
        topics = ("holdfast.contracts", "holdfast.renewals")
        tables = ("contracts", "terms", "ledger", "runtime.timers")

        def told():
            return self.told_of("contracts", self.CONTRACTS)

        def known():
            return {table: self.stand.rows("contracts", f"SELECT t FROM {table} AS t ORDER BY t") for table in tables}

        account = self.one.account("Juniper")
        kept, changed, over = (self.enter_contract(account, number) for number in ("J-1", "J-2", "J-3"))
        eventually(told, "accounts has heard of it")
        self.stand.back_up("contracts")

        later = self.one.account("Sycamore")
        self.enter_contract(later, "S-1")
        self.contract("amend", changed, "--plan-term-start", str(datetime.date.today()), *self.plan(30), "--reason", "renewed")
        self.contract("send-notice", changed, "--method", "portal")
        self.contract("acknowledge-notice", changed, "--reference", "A-1")
        self.contract("terminate", over, "--last-day", str(datetime.date.today() - datetime.timedelta(days=2)))
        # What contracts do about an account that becomes key is published by them: it is taken back, not done again.
        self.one.told("accounts", "change", account, "--tier", "key")
        eventually(lambda: self.contract("show", kept)["earlyLead"], "its contracts have followed")
        eventually(told, "accounts has heard of it")
        before, as_it_was = self.ids_of(*topics), known()

        self.restore("contracts")
        self.assertEqual(known(), as_it_was)
        self.assertTrue(told(), "the copies are what their owner has")
        self.assertEqual(self.ids_of(*topics), before, "nothing is told twice")
        self.contract("amend", kept, "--carrier-name", "AT&T")
        self.contract("send-notice", kept)
        self.enter_contract(later, "S-2")
        eventually(lambda: len(self.ids_of(*topics)) >= len(before) + 3, "it is published")
        for topic in topics:
            self.check_streams(topic)
        eventually(told, "the copies follow")
        eventually(lambda: self.books_agree("contracts"), "so do its own")
        self.stand.verify()

        self.start_as_ever("contracts")
        self.enter_contract(later, "S-3")
        eventually(told, "all is as ever")

    def account(self, verb, *arguments):
        return self.one.told("accounts", verb, *arguments)[0]

    def fill(self, account):
        """A site, somebody there, a carrier with a desk, its account number and a circuit."""
        location = self.account("add-location", account, "Front desk", "--main-phone", "617-555-0148", "--time-zone",
                                "America/New_York")["id"]
        self.account("add-contact", account, "Lee", "--email", "lee@aspen.example", "--location-ids", location)
        carrier = self.one.told("carriers", "create", "Lumen")[0]["id"]
        self.one.told("carriers", "add-contact", carrier, "repair", "--phone", "800-555-0167")
        number = self.one.told("carriers", "add-account", carrier, account, "5-ABC 0149")[0]["id"]
        self.one.told("products", "add", account, carrier, "44/HCGS/1", "--location-id", location, "--carrier-account-id",
                      number, "--type", "circuit")

    def test_accounts_take_back_what_they_published_and_forgot(self):
        tables = ("staff", "accounts", "locations", "contacts", "carriers", "carrier_contacts", "carrier_accounts", "products",
                  "contracts", "tickets", "card_sources")

        def known(where=""):
            return {table: self.stand.rows("accounts", f"SELECT t FROM {table} AS t {where} ORDER BY t") for table in tables}

        def books():
            return self.books_agree("tickets") and self.books_agree("contracts")

        def told():
            return self.told_of("tickets", self.TICKETS) and self.told_of("contracts", self.CONTRACTS)

        account = self.one.account("Aspen")
        eventually(books, "the others have heard of it")
        self.stand.back_up("accounts")

        sam = self.one.told("agencies", "add-staff", "Sam", "--email", "sam@cedar.example")[0]["id"]
        # A name goes from one to another: their events lie in partitions that are read in any order.
        self.account("change", account, "--name", "Aspen Grove", "--owner-id", sam)
        later = self.one.account("Aspen")
        self.fill(account)
        self.one.open_ticket(later, "Meanwhile")
        self.enter_contract(later, "A-1")
        larch = Agency(self.stand, "Larch")
        larch_id, larch_account = larch.told("agencies", "show")[0]["id"], larch.account("Larix")
        eventually(lambda: books() and told(), "the others have heard of it")
        before = self.ids_of("holdfast.accounts")
        of_others = f"WHERE agency_id <> '{larch_id}'"
        as_it_was, all_of_it = known(of_others), known()

        self.restore("accounts")
        self.assertEqual(known(of_others), as_it_was)
        self.assertEqual(self.ids_of("holdfast.accounts"), before, "nothing is told twice")
        self.assertEqual(self.one.told("lookup", "617-555-0148")[0]["card"]["accountName"], "Aspen Grove")

        # Of an agency no event tells. What is its waits until somebody has made it anew, as docs/operations.md says.
        with self.assertRaisesRegex(AssertionError, "taken-back-in-place +no"):
            self.stand.verify()
        larch.key = None
        larch.told("agencies", "create", "Larch", "--id", larch_id, *AGENCY, "--staff-email", "again@larch.example",
                   "--key-file", str(self.stand.state / "keys" / "Larch again.key"))
        self.stand.restart("accounts")
        larch.key = (self.stand.state / "keys" / "Larch again.key").read_text().strip()
        self.assertEqual(larch.told("accounts", "show", larch_account)[0]["name"], "Larix")
        self.assertEqual({**known(), "staff": None}, {**all_of_it, "staff": None})

        self.account("change", later, "--name", "Aspen Hill")
        self.account("add-location", later, "Warehouse", "--time-zone", "America/Chicago")
        eventually(lambda: len(self.ids_of("holdfast.accounts")) >= len(before) + 3, "it is published")
        self.check_streams("holdfast.accounts")
        eventually(lambda: books() and told(), "the copies follow, and so do its own")
        self.stand.verify()

        self.start_as_ever("accounts")
        self.account("change", later, "--name", "Aspen Lake")
        eventually(books, "all is as ever")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="the build whose programs are started")
    parser.add_argument("--preset", required=True)
    parser.add_argument("--state", help="where the installation lives (absences/ in the build's folder)")
    parser.add_argument("--kafka-away-s", type=float, default=8, help="how long writes go on without Kafka (8)")
    parser.add_argument("names", nargs="*", help="of classes: only these")
    parser.parse_args(namespace=ARGUMENTS)
    names = ARGUMENTS.names or ["Kafka", "PostgreSql", "WhoIsTold", "Restore", "Redis"]
    suite = unittest.TestLoader().loadTestsFromNames(names, sys.modules[__name__])
    sys.exit(not unittest.TextTestRunner(verbosity=2, failfast=True).run(suite).wasSuccessful())


if __name__ == "__main__":
    main()
