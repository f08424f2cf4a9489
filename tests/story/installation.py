"""An installation of the story's own: tools/up under the build folder, on ports nobody uses, with a mail server beside."""

import email
import email.policy
import json
import os
import pathlib
import signal
import socket
import subprocess
import threading

from aiosmtpd.controller import Controller

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]


class Mailbox:
    """A real SMTP server that keeps what it is sent."""

    def __init__(self):
        self.envelopes = []
        self.arrived = threading.Condition()
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())
        self.controller.start()

    async def handle_DATA(self, _server, _session, envelope):
        with self.arrived:
            self.envelopes.append(envelope)
            self.arrived.notify_all()
        return "250 kept"

    def wait_to(self, address, count=1, patience_s=60):
        """The messages that came for somebody, once so many have."""
        to = lambda: [envelope for envelope in self.envelopes if address in envelope.rcpt_tos]
        with self.arrived:
            self.arrived.wait_for(lambda: len(to()) >= count, patience_s)
            return [email.message_from_bytes(envelope.content, policy=email.policy.default) for envelope in to()]

    @property
    def url(self):
        return f"smtp://127.0.0.1:{self.controller.port}"


class Installation:
    def __init__(self, state, first_base_port, preset, mailbox, *flags):
        self.state = state
        self.base = free_base_port(first_base_port)
        self.flags = ["--detach", "--preset", preset, "--state", str(self.state), "--ports", str(self.base), *flags]
        self.environment = {
            **os.environ,
            "HOLDFAST_STATE": str(self.state),
            "HOLDFAST_NOTIFICATIONS_MAIL_SMTP_URL": mailbox.url,
            "HOLDFAST_NOTIFICATIONS_MAIL_FROM": "holdfast@agency.example",
            "HOLDFAST_NOTIFICATIONS_MAIL_TLS": "whenOffered",
            "HOLDFAST_NOTIFICATIONS_WEBHOOKS_ALLOW_PRIVATE_TARGETS": "true",
        }

    def up(self, *flags):
        run([CHECKOUT / "tools" / "up", *self.flags, *flags], self.environment, timeout_s=600)

    def down(self, *flags):
        run([CHECKOUT / "tools" / "down", "--state", self.state, *flags], self.environment, timeout_s=120)

    def told(self, *arguments):
        """The command line, as a person reads it."""
        return run([CHECKOUT / "tools" / "holdfast", *arguments], self.environment)

    def kill(self):
        """The services die as by kill -9; their servers go on."""
        for name, pid in json.loads((self.state / "holdfast.json").read_text())["processes"].items():
            if name not in ("postgres", "redis", "kafka"):
                os.kill(pid, signal.SIGKILL)

    def value_in(self, service, query):
        """What one query gives in a service's own database: a look from outside at what cannot be asked for yet."""
        host, port = self.addresses["postgres"].split(":")
        role = f"holdfast_{service}_owner"
        password = (self.state / "keys" / f"{role}.password").read_text()
        url = f"host={host} port={port} dbname=holdfast_{service} user={role} password={password}"
        return run(["psql", url, "-tAqc", query]).strip()

    def holdfast(self, *arguments, expect=0, timeout_s=120):
        """The command line, its answers as JSON documents."""
        printed = run([CHECKOUT / "tools" / "holdfast", *arguments, "--json"], self.environment, expect, timeout_s)
        return [json.loads(line) for line in printed.splitlines() if line.startswith("{")]

    @property
    def addresses(self):
        return json.loads((self.state / "holdfast.json").read_text())["addresses"]

    @property
    def processes(self):
        return json.loads((self.state / "holdfast.json").read_text())["processes"]

    @property
    def key(self):
        return (self.state / "keys" / "agency.key").read_text().strip()


def run(command, environment=None, expect=0, timeout_s=120, stdin=""):
    done = subprocess.run(
        [str(part) for part in command], env=environment, input=stdin, capture_output=True, text=True,
        errors="replace", timeout=timeout_s, check=False,
    )
    if done.returncode != expect:
        told = f"{done.stdout[-2000:]}\n{done.stderr[-4000:]}"
        raise AssertionError(f"{command} ended with {done.returncode}, not {expect}:\n{told}")
    return done.stdout


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def free_base_port(first):
    """A base from there on whose whole range (base to base + 60) is free now."""
    for base in range(first, first + 1000, 100):
        try:
            for offset in (10, 11, 12, 13, 14, 20, 21, 22, 23, 24, 30, 31, 40, 50):
                with socket.socket() as listener:
                    listener.bind(("127.0.0.1", base + offset))
            return base
        except OSError:
            continue
    raise AssertionError("no free range of ports")
