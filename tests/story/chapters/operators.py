import json
import secrets
import subprocess
import urllib.request
import uuid

from chapter import Chapter
from installation import run

# What an operator looks for first: the family, and a label value of one of its series.
MEASURED = [
    ("holdfast_rpc_requests_total", 'code="OK"'),
    ("holdfast_rpc_requests_total", 'code="NOT_FOUND"'),
    ("holdfast_rpc_duration_seconds_bucket", 'method="holdfast.tickets.v1.TicketService/OpenTicket"'),
    ("holdfast_rpc_queued_calls", 'pool="callers"'),
    ("holdfast_rpc_expired_in_queue_total", ""),
    ("holdfast_rpc_late_total", ""),
    ("holdfast_outbox_events", 'service="tickets"'),
    ("holdfast_outbox_oldest_age_seconds", 'service="tickets"'),
    ("holdfast_relay_events_sent_total", 'service="tickets"'),
    ("holdfast_consumer_lag_events", 'service="notifications"'),
    ("holdfast_consumer_trouble", 'service="notifications"'),
    ("holdfast_consumer_waiting_seconds", 'service="notifications"'),
    ("holdfast_consumer_dead_events_total", 'service="notifications"'),
    ("holdfast_timers_due_subjects", 'kind="tickets.promises"'),
    ("holdfast_timers_late_seconds", 'kind="tickets.promises"'),
    ("holdfast_timers_failing_subjects", 'kind="notifications.mail"'),
    ("holdfast_timers_fired_total", 'clock="system"'),
    ("holdfast_database_connections", 'state="idle"'),
    ("holdfast_database_connections_limit", 'service="accounts"'),
    ("holdfast_database_waiting_calls", 'service="accounts"'),
    ("holdfast_build_info", "revision="),
]
PLACES_OF_SECRETS = ("postgresql://", "postgres://", "password=", "BEGIN PRIVATE KEY")


class Operators(Chapter):
    def page(self, name, of=None):
        admins = self.here.addresses["admin"]
        with urllib.request.urlopen(f"{admins[of] if of else next(iter(admins.values()))}/{name}", timeout=10) as answer:
            return answer.read().decode()

    def pages(self, name):
        return [self.page(name, of) for of in self.here.addresses["admin"]]

    def lines(self):
        """What the processes said, each line a JSON document."""
        for process in self.here.addresses["admin"]:
            for line in (self.here.state / "logs" / f"{process}.log").read_text().splitlines():
                yield json.loads(line)

    def lines_of(self, trace):
        return [line for line in self.lines() if line.get("trace_id") == trace]

    def event_of(self, traceparent):
        """The headers of the event on Kafka that belongs to it, as kcat prints them."""
        topic = ["-b", self.here.addresses["kafka"], "-t", "holdfast.tickets"]
        for headers in run(["kcat", *topic, "-C", "-e", "-q", "-f", "%h\n"]).splitlines():
            if f"ce_traceparent={traceparent}" in headers:
                return dict(header.split("=", 1) for header in headers.split(","))
        return None

    def test_1_they_see_that_it_is_alive_and_ready_and_why(self):
        for page in self.pages("healthz"):
            self.assertEqual(page, "ok\n")
        ready = [json.loads(page) for page in self.pages("readyz")]
        self.assertTrue(all(page["ready"] for page in ready))
        checks = {check["name"] for page in ready for check in page["checks"]}
        self.assertLessEqual({f"{service}.database" for service in self.here.addresses["grpc"]}, checks)

    def test_2_they_see_what_it_does_in_numbers_that_prometheus_takes(self):
        for page in self.pages("metrics"):
            checked = subprocess.run(["promtool", "check", "metrics"], input=page, capture_output=True, text=True,
                                     check=False)
            self.assertEqual((checked.returncode, checked.stdout, checked.stderr), (0, "", ""))
        series = [line for page in self.pages("metrics") for line in page.splitlines() if not line.startswith("#")]
        for family, label in MEASURED:
            found = [line for line in series if line.startswith((f"{family}{{", f"{family} ")) and label in line]
            self.assertTrue(found, f"nobody measures {family} with {label}")

    def test_3_they_see_its_settings_and_no_secrets(self):
        for page in self.pages("configz"):
            self.assertIn("kafka.brokers", page)
            for secret in PLACES_OF_SECRETS:
                self.assertNotIn(secret, page)

    def test_4_one_trace_leads_from_the_call_to_the_event_and_the_lines(self):
        trace, request = secrets.token_hex(16), f"story-{uuid.uuid4()}"
        parent = f"00-{trace}-{secrets.token_hex(8)}-01"
        call = {
            "path": "holdfast.tickets.v1.TicketService/OpenTicket",
            "metadata": {"traceparent": parent, "x-request-id": request},
            "request": {"accountId": self.left.account["id"], "name": "Static on the line", "priority": 3},
        }
        self.assertIn("answer", self.calls([call])[0])
        event = self.eventually(lambda: self.event_of(parent))
        self.assertEqual(event["ce_type"], "holdfast.ticket-opened.v1")

        def handled():
            return [line for line in self.lines_of(trace) if line["message"] == "event handled"]

        self.assertEqual(self.eventually(handled)[0]["event_id"], event["ce_id"])
        lines = self.lines_of(trace)
        self.assertIn(call["path"], [line.get("method") for line in lines if line["message"] == "call answered"])
        for line in lines:
            self.assertEqual(line["request_id"], request, "it travels with the trace")
            self.assertEqual(line["agency_id"], event["ce_agency"])
