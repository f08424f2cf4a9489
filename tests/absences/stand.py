"""What the tests of absences stand on: an installation with a process a service, and servers that can be taken away."""

import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tools" / "local"))

import installation  # noqa: E402
import kafka  # noqa: E402
import ports  # noqa: E402
import postgres  # noqa: E402
import process  # noqa: E402
import redis  # noqa: E402
from place import Place  # noqa: E402

SERVERS = {"postgres": postgres, "redis": redis, "kafka": kafka}
AGENCY = ("--time-zone", "America/New_York", "--staff-name", "Kim")
# Far more than anything here needs.
PATIENCE_S = 120


def eventually(found, what, patience_s=PATIENCE_S):
    """What `found()`, which asks a process, gives once it gives something."""
    give_up_at = time.monotonic() + patience_s
    while not (result := found()):
        if time.monotonic() > give_up_at:
            raise AssertionError(f"never: {what}")
    return result


class Refusal(Exception):
    """What the command line said when it did not do what it was asked: its status, and the error as it printed it."""

    def __init__(self, status, said):
        super().__init__(f"exit status {status}: {said}")
        self.status = status
        self.said = said

    @property
    def reason(self):
        return json.loads(self.said.splitlines()[-1])["error"]["reason"]


class Agency:
    """One agency of the installation, by the command line and in its own name."""

    def __init__(self, stand, name):
        self.stand = stand
        self.key = None
        made = self.told("agencies", "create", name, *AGENCY, "--staff-email", f"kim@{name.lower()}.example",
                         "--key-file", str(stand.state / "keys" / f"{name}.key"))[0]
        self.key = (stand.state / "keys" / f"{name}.key").read_text().strip()
        self.owner = made["staff"]["id"]

    def told(self, *arguments):
        """The answers, as JSON documents."""
        environment = {**os.environ, "HOLDFAST_STATE": str(self.stand.state)}
        if self.key:
            environment["HOLDFAST_KEY"] = self.key
        done = subprocess.run(
            [self.stand.command_line, *arguments, "--json"], env=environment, capture_output=True, text=True,
            timeout=PATIENCE_S, check=False,
        )
        if done.returncode != 0:
            raise Refusal(done.returncode, done.stderr.strip())
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def account(self, name):
        return self.told("accounts", "create", name, "--owner-id", self.owner, "--status", "active")[0]["id"]

    def open_ticket(self, account, name, priority="p3"):
        return self.told("tickets", "open", account, name, "--priority", priority)[0]["id"]


class Stand:
    def __init__(self, build, preset, state, apart=True):
        self.state = pathlib.Path(state)
        self.command_line = pathlib.Path(build) / "services" / "command_line" / "holdfast-cli"
        shutil.rmtree(self.state, ignore_errors=True)
        self.installed = installation.Installation(self.state, installation.free_base_port(30400), apart=apart, preset=preset)

    def start(self, settings):
        os.environ.update(settings)
        self.installed.start_servers()
        self.installed.start_services()
        self.described = self.installed.describe()

    def end(self):
        for name in SERVERS:
            self.wake(name)
        installation.stop(Place(self.state))
        self.installed.place.forget_servers()

    # Who is away

    def hang(self, name):
        """It is there and says nothing, with all the processes that it is made of; the first one first, so that it starts
        no other."""
        for pid in self._family(name):
            os.kill(pid, signal.SIGSTOP)

    def wake(self, name):
        for pid in reversed(self._family(name)):
            os.kill(pid, signal.SIGCONT)

    def kill(self, name):
        record = process.running(self.state, name)
        record.process.signal(signal.SIGKILL)
        assert record.process.exits_within(PATIENCE_S * 1000)

    def bring_back(self, name):
        """With what it kept, where it was."""
        numbers = self.installed.numbers
        own = {"kafka": (numbers.kafka, numbers.kafka_controller), "postgres": (numbers.postgres,), "redis": (numbers.redis,)}
        SERVERS[name].start(self.installed.place, *own[name])

    def stop(self, service):
        process.stop(self.state, process.running(self.state, service), patience_s=installation.DRAIN_PATIENCE_S)

    def restart(self, service):
        self.stop(service)
        self.installed.start_services()

    # A service's database

    def back_up(self, service):
        self._postgres("pg_dump", f"holdfast_{service}", "-Fc", "-f", self.state / f"{service}.backup")

    def restore(self, service):
        """As it was when it was backed up; everybody else's stay as they are."""
        self._postgres("psql", "postgres", "-c", f"DROP DATABASE holdfast_{service} WITH (FORCE)")
        self._postgres("pg_restore", "postgres", "--create", "--exit-on-error", self.state / f"{service}.backup")

    def rows(self, service, query):
        return self._postgres("psql", f"holdfast_{service}", "-tAqc", query).splitlines()

    def _postgres(self, program, database, *arguments):
        server = process.running(self.state, "postgres").addresses["superuser"]
        command = [program, "-d", f"{server} dbname={database}", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _family(self, name):
        record = process.running(self.state, name)
        if record is None:
            return []
        pid = record.process.pid
        return [pid, *map(int, pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]

    # What is seen from outside

    def page(self, service, name):
        """Status and text of a page for operators."""
        try:
            with urllib.request.urlopen(f"{self.described['addresses']['admin'][service]}/{name}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def number(self, service, series):
        """Of the metrics: the sum over what begins so."""
        lines = self.page(service, "metrics")[1].splitlines()
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(series))

    def pids(self):
        return {name: process.running(self.state, name).process.pid for name in self.installed.programs()}

    def events(self, topic):
        """(stream, sequence, id, type) of all of a topic, by kcat, in the order of their partitions."""
        command = ["kcat", "-b", self.described["addresses"]["kafka"], "-t", topic, "-C", "-e", "-q", "-f", "%k|%h\n"]
        printed = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=True).stdout
        events = []
        for line in printed.splitlines():
            stream, headers = line.split("|", 1)
            words = dict(header.split("=", 1) for header in headers.split(","))
            kind = words["ce_type"].removeprefix("holdfast.").removesuffix(".v1")
            events.append((stream, int(words["ce_sequence"]), words["ce_id"], kind))
        return events

    def verify(self):
        """Whether all that must always hold does, in every service's own view."""
        done = subprocess.run([self.command_line, "verify", "--state", self.state], capture_output=True, text=True,
                              timeout=PATIENCE_S, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
