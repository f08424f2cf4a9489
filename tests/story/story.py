"""The story of README, told by doing it: each test is a chapter, in order, on one installation."""

import argparse
import email
import email.policy
import json
import shutil
import sys
import unittest
import urllib.request
import uuid

from installation import CHECKOUT, Installation, Mailbox, run

CLIENTS = CHECKOUT / "tests" / "story" / "clients"


def client(script, *arguments):
    """A client from npm; its answers as JSON documents."""
    return [json.loads(line) for line in run(["node", CLIENTS / script, *arguments]).splitlines()]


class Story(unittest.TestCase):
    arguments = None

    @classmethod
    def setUpClass(cls):
        run(["npm", "--prefix", CLIENTS, "ci", "--no-audit", "--no-fund"], timeout_s=300)
        cls.mailbox = Mailbox()
        cls.here = Installation(cls.arguments.build, cls.arguments.preset, cls.mailbox, *cls.arguments.up)
        shutil.rmtree(cls.here.state, ignore_errors=True)
        cls.here.up()

    @classmethod
    def tearDownClass(cls):
        cls.here.down("--wipe")

    def call(self, service, method, request, key=None):
        """As an integrator calls, from the .proto files alone."""
        package = service.split(".")[1]
        file = {"AgencyService": "agencies"}.get(service.split(".")[-1], package)
        return client(
            "call.js", self.here.addresses["grpc"][package], CHECKOUT / "proto",
            f"holdfast/{package}/v1/{file}.proto", service, method, self.here.key if key is None else key,
            json.dumps(request),
        )[0]

    def test_01_a_first_agency_has_staff_and_a_key(self):
        self.here.holdfast(
            "agencies", "create", "Tri-State Telecom Advisors", "--time-zone", "America/New_York", "--staff-name", "Pat",
            "--staff-email", "pat@agency.example",
        )
        self.assertEqual(self.here.holdfast("agencies", "show")[0]["name"], "Tri-State Telecom Advisors")

    def test_02_a_ticket_is_opened_and_its_owner_is_told_by_mail(self):
        staff = self.here.holdfast(
            "agencies", "add-staff", "Jan Owner", "--email", "jan@agency.example", "--time-zone", "America/Denver"
        )[0]
        account = self.here.holdfast(
            "accounts", "create", "Harborview Credit Union", "--owner-id", staff["id"], "--status", "active", "--tier",
            "key",
        )[0]
        location = self.here.holdfast(
            "accounts", "add-location", account["id"], "HQ", "--time-zone", "America/New_York"
        )[0]
        request = str(uuid.uuid4())
        opening = ("tickets", "open", account["id"], "Circuit down", "--location-id", location["id"], "--priority", "p1",
                   "--request-id", request)
        ticket = self.here.holdfast(*opening)[0]
        self.assertEqual(self.here.holdfast(*opening)[0], ticket, "a repeated request is answered as the first time")
        type(self).account, type(self).ticket = account, ticket

        told = [envelope for envelope in self.mailbox.wait_for(1) if "jan@agency.example" in envelope.rcpt_tos]
        self.assertEqual(len(told), 1, "one mail for one ticket")
        message = email.message_from_bytes(told[0].content, policy=email.policy.default)
        self.assertIn("Circuit down", message["subject"] + message.get_body(("plain",)).get_content())

    def test_03_the_event_is_on_kafka_for_kafkajs_and_kcat(self):
        event = client("consume.js", self.here.addresses["kafka"], "holdfast.tickets", 1)[0]
        headers = event["headers"]
        self.assertEqual(headers["ce_type"], "holdfast.ticket-opened.v1")
        self.assertEqual(headers["ce_specversion"], "1.0")
        self.assertEqual(headers["ce_sequence"], "1")
        self.assertTrue(event["key"].endswith("/" + self.account["id"]))
        seen = run(["kcat", "-b", self.here.addresses["kafka"], "-t", "holdfast.tickets", "-C", "-e", "-q", "-f", "%h\n"])
        self.assertIn(headers["ce_id"], seen)

    def test_04_strangers_and_nonsense_are_refused_by_name(self):
        read = lambda ticket_id, key=None: self.call(
            "holdfast.tickets.v1.TicketService", "GetTicket", {"id": ticket_id}, key
        )
        self.assertEqual(read(self.ticket["id"])["name"], "Circuit down")
        self.assertEqual(read("nonsense")["code"], "INVALID_ARGUMENT")
        self.assertEqual(read(str(uuid.uuid4()))["code"], "NOT_FOUND")
        self.assertEqual(read(self.ticket["id"], key="hfk_no")["code"], "UNAUTHENTICATED")
        unnamed = self.call("holdfast.tickets.v1.TicketService", "OpenTicket", {"accountId": self.account["id"]})
        self.assertEqual(unnamed["code"], "INVALID_ARGUMENT")

    def test_05_operators_see_it(self):
        admin = next(iter(self.here.addresses["admin"].values()))
        with urllib.request.urlopen(f"{admin}/readyz", timeout=10) as answer:
            self.assertTrue(json.load(answer)["ready"])
        with urllib.request.urlopen(f"{admin}/metrics", timeout=10) as answer:
            metrics = answer.read().decode()
        for name in ("holdfast_outbox_events", "holdfast_consumer_lag_events", "holdfast_rpc_duration_seconds_count"):
            self.assertIn(name, metrics)

    def test_06_stopped_and_started_nothing_is_missing(self):
        self.here.down()
        self.here.up()
        self.assertEqual(self.here.holdfast("tickets", "show", self.ticket["id"])[0], self.ticket)

    def test_07_its_life_goes_on(self):
        staff = self.here.holdfast("agencies", "add-staff", "Kim", "--email", "kim@agency.example", "--time-zone",
                                   "America/Chicago")[0]
        self.here.holdfast("tickets", "assign", self.ticket["id"], staff["id"])
        self.here.holdfast("tickets", "close", self.ticket["id"], expect=1)
        self.here.holdfast("tickets", "resolve", self.ticket["id"], "card replaced")
        closed = self.here.holdfast("tickets", "close", self.ticket["id"])[0]
        self.assertEqual(closed["status"], "TICKET_STATUS_CLOSED")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--preset", required=True)
    parser.add_argument("--build", required=True)
    parser.add_argument("up", nargs="*", help="further flags for tools/up, after --")
    Story.arguments = parser.parse_args()
    unittest.main(argv=sys.argv[:1], failfast=True, verbosity=2)
