"""What Holdfast stands on is taken away, and given back: what was promised of it meanwhile, and that nothing is missing."""

import argparse
import json
import sys
import threading
import time
import unittest

from receivers import MailServer, Target
from restored import Restored
from stand import Agency, Refusal, Stand, eventually, ports

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


class Restore(Restored, Absences):
    """A database goes back to what it was."""


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
