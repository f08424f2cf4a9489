"""What every chapter has: the installation, the mailbox, clients nobody here wrote, and what earlier chapters left."""

import json
import shutil
import sys
import time
import types
import unittest

from installation import CHECKOUT, Installation, Mailbox, run

sys.path.insert(0, str(CHECKOUT / "tests"))
import npm  # noqa: E402

CLIENTS = CHECKOUT / "tests" / "story" / "clients"
# The business clock starts here: the day as of which the sample book is counted (tests/data/agency-book/README.md).
BEGINS = "2026-12-01T15:00:00Z"


def client(script, *arguments):
    """A client from npm; its answers as JSON documents."""
    return [json.loads(line) for line in run(["node", CLIENTS / script, *arguments]).splitlines()]


class Stage:
    """One for the whole story; `left` is what a chapter leaves to those behind it, by name."""

    here = None
    mailbox = None
    left = types.SimpleNamespace()

    @classmethod
    def open(cls, arguments):
        npm.install(CLIENTS)
        cls.mailbox = Mailbox()
        cls.here = Installation(
            arguments.build / arguments.name, arguments.ports, arguments.preset, cls.mailbox, "--clock", BEGINS, *arguments.up
        )
        shutil.rmtree(cls.here.state, ignore_errors=True)
        cls.here.up()


class Chapter(unittest.TestCase):
    @property
    def here(self):
        return Stage.here

    @property
    def mailbox(self):
        return Stage.mailbox

    @property
    def left(self):
        return Stage.left

    def eventually(self, found, patience_s=60):
        """What `found()` gives once it gives something: of what follows from a call a moment later."""
        give_up_at = time.monotonic() + patience_s
        while not (result := found()):
            self.assertLess(time.monotonic(), give_up_at, "it never came")
        return result

    def calls(self, requests):
        """Many calls in one go, as the first agency unless they name a key: see clients/calls.js."""
        addresses = self.here.addresses["grpc"]
        lines = [
            json.dumps({"address": addresses[request["path"].split(".")[1]], "key": self.here.key, **request})
            for request in requests
        ]
        return [json.loads(line) for line in run(
            ["node", CLIENTS / "calls.js", CHECKOUT / "proto"], stdin="\n".join(lines), timeout_s=300
        ).splitlines()]

    def call(self, file, service, method, request, key=None):
        """As an integrator calls, from the .proto files alone: call("tickets/v1/tickets", "TicketService", ...)."""
        package = file.split("/")[0]
        return client(
            "call.js",
            self.here.addresses["grpc"][package],
            CHECKOUT / "proto",
            f"holdfast/{file}.proto",
            f"holdfast.{package}.v1.{service}",
            method,
            self.here.key if key is None else key,
            json.dumps(request),
        )[0]
