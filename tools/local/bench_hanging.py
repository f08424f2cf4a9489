"""How soon a webhook's target and the desk are told while a mail server and other targets hang, beside while all answer."""

import datetime
import http.server
import json
import os
import shutil
import socketserver
import statistics
import subprocess
import threading
import time
from contextlib import contextmanager

import installation
import ports
from bench_import import AGENCY
from messages import Refused
from place import CHECKOUT, Place

HANGING = 8  # targets
PATIENCE_S = 120
SETTINGS = {
    "HOLDFAST_NOTIFICATIONS_MAIL_FROM": "holdfast@bench.example",
    "HOLDFAST_NOTIFICATIONS_MAIL_TLS": "whenOffered",
    "HOLDFAST_NOTIFICATIONS_WEBHOOKS_ALLOW_PRIVATE_TARGETS": "true",
}


class Gate:
    """While it is shut, whoever hangs takes what it is sent and says nothing."""

    def __init__(self):
        self._open = threading.Event()
        self._open.set()
        self.shut, self.open, self.passed = self._open.clear, self._open.set, self._open.wait


class Target:
    """A webhook's receiver: how long after its event each came, in ms."""

    def __init__(self, address, gate=None):
        self.latencies_ms = []
        self.came = threading.Condition()
        target = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                arrived = time.time()
                event = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if gate:
                    gate.passed()
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()
                happened = datetime.datetime.fromisoformat(event["time"].replace("Z", "+00:00")).timestamp()
                with target.came:
                    target.latencies_ms.append((arrived - happened) * 1000)
                    target.came.notify_all()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer((address, 0), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://{address}:{self.server.server_address[1]}/in"

    def take(self, count):
        with self.came:
            if not self.came.wait_for(lambda: len(self.latencies_ms) >= count, PATIENCE_S):
                raise Refused(f"{len(self.latencies_ms)} of {count} webhooks came", None)
            taken, self.latencies_ms = self.latencies_ms[:count], self.latencies_ms[count:]
            return taken


def mail_server(gate):
    """As little SMTP as a client needs; its port."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 bench\r\n")
            in_text = False
            for line in self.rfile:
                if in_text and line != b".\r\n":
                    continue
                if in_text:
                    gate.passed()
                begins_text = not in_text and line.upper().startswith(b"DATA")
                in_text = begins_text
                self.wfile.write(b"354 go on\r\n" if begins_text else b"250 ok\r\n")

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        allow_reuse_address = True

    (port,) = ports.pick_free(1)
    server = Server((ports.LOOPBACK, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return port


class Desk:
    """Who opens tickets, by the command line."""

    def __init__(self, started):
        self.started = started
        self._command = [CHECKOUT / "tools" / "holdfast", "--state", started.state]
        self._owner = self.told("agencies", "create", *AGENCY)[0]["staff"]["id"]
        self._account = self.new_account("Acme")

    def new_account(self, name):
        return self.told("accounts", "create", name, "--owner-id", self._owner, "--status", "active")[0]["id"]

    def told(self, *arguments):
        done = subprocess.run(self.asking(*arguments), check=True, stdout=subprocess.PIPE, text=True)
        return [json.loads(line) for line in done.stdout.splitlines()]

    def asking(self, *arguments):
        return [*self._command, *arguments, "--json"]

    def subscribe(self, target):
        self.told("subscriptions", "create", target.url, "--event-names", "ticket-opened")

    def open_tickets(self, count):
        for number in range(count):
            self.told("tickets", "open", self._account, f"Line {number}", "--priority", "p1")


@contextmanager
def opened_desk(new_installation, state, gate):
    """At an installation of its own, whose mail server hangs while the gate is shut."""
    shutil.rmtree(state, ignore_errors=True)
    os.environ.update(SETTINGS, HOLDFAST_NOTIFICATIONS_MAIL_SMTP_URL=f"smtp://{ports.LOOPBACK}:{mail_server(gate)}")
    started = new_installation(state)
    try:
        started.start_servers()
        started.start_services()
        started.describe()
        yield Desk(started)
    finally:
        gate.open()
        installation.stop(Place(state))


def measure_hanging(report, new_installation, state, rounds, events):
    """`events`: of a round. Its p99 is near the second slowest of 200."""
    gate = Gate()
    with opened_desk(new_installation, state, gate) as desk:
        _measure(report, desk, gate, rounds, events)


def _measure(report, desk, gate, rounds, events):
    healthy = Target("127.0.0.2")
    desk.subscribe(healthy)
    hanging = [Target(f"127.0.0.{10 + number}", gate) for number in range(HANGING)]
    for target in hanging:
        desk.subscribe(target)
    desk.open_tickets(10)
    for target in (healthy, *hanging):
        target.take(10)
    without, beside = [], []
    for _ in range(rounds):
        for shut, into in ((True, beside), (False, without)):
            (gate.shut if shut else gate.open)()
            desk.open_tickets(events)
            into.append(sorted(healthy.take(events))[-2])
            gate.open()
            for target in hanging:
                target.take(events)  # so that what waited is no load of the next
    report.add_median(
        "hanging.p99", [one / other for one, other in zip(beside, without)], "of p99", 1.2,
        f"{statistics.median(beside):.0f} of {statistics.median(without):.0f} ms from event to webhook; "
        f"the mail server and {HANGING} other targets hang, beside all answer")
