"""One installation for all mutants: real servers, and services of which each can be started anew with a bug."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import uuid

import stack as attacked
from databases import Databases
from fault_proxy import Proxies
from history import History
from observers import MailServer, WebhookReceiver
from stack import ports, process
from wire import Caller, Protos

import postgres

installation = attacked.local
SERVICES = installation.SERVICES
QUIESCENCE = "holdfast.operations.v1.OperationsService/GetQuiescence"
PATIENCE_S = 40
CALL_S = 10


class Refusing(MailServer):
    """Says "later" to whoever is in `refuse`."""

    refuse = frozenset()

    async def handle_DATA(self, server, session, envelope):
        if self.refuse & set(envelope.rcpt_tos):
            return "451 later"
        return await super().handle_DATA(server, session, envelope)


class Stack:
    def __init__(self, build, preset):
        self.history = History()  # mails and webhooks: they do not say whose they are before they are looked at
        self.mails, self.webhooks = Refusing(self.history), WebhookReceiver(0, self.history)
        self.webhooks.bad_answers = 0
        os.environ |= {
            "HOLDFAST_NOTIFICATIONS_MAIL_SMTP_URL": self.mails.url,
            "HOLDFAST_NOTIFICATIONS_MAIL_FROM": "holdfast@agency.example",
            "HOLDFAST_NOTIFICATIONS_MAIL_TLS": "whenOffered",
            "HOLDFAST_NOTIFICATIONS_WEBHOOKS_ALLOW_PRIVATE_TARGETS": "true",
        }
        self.protos = Protos(build)
        self.state = build.resolve() / "mutants"
        self.databases = Databases(self.state)
        base, self._proxies = installation.free_base_port(attacked.FIRST_BASE_PORT), Proxies()
        self.proxy = self._proxies.open("kafka", installation.Numbers(base).kafka)
        self.installation = installation.Installation(self.state, base, apart=True, clock=attacked.BEGINS, preset=preset,
                                                      twice=SERVICES, ways={"kafka": self.proxy.port})
        # Processes die here, never the machine: what the kernel was given is as good as on the disk.
        self.installation.place.disposable = True
        self.installation.postgres_settings = {"fsync": "off"}
        self.addresses = {name: self._address(name) for name in (*SERVICES, *(f"{name}-2" for name in SERVICES))}
        self.brokers = ports.address(self.installation.numbers.kafka)
        self.mutants = {}  # program -> the bug with which it runs
        self._callers = []

    def _address(self, program):
        return ports.address(self.installation.numbers.grpc_of(program, True))

    def __enter__(self):
        self._clear()
        self.installation.start_servers()
        self.run()
        self.installation.describe()
        self._operator = self.caller(self.new_agency()[2])
        return self

    def __exit__(self, *_):
        self.end(*self.running())
        self._clear()
        self._proxies.close()
        self.mails.close()
        self.webhooks.close()

    def _clear(self):
        """Also what a run that was killed has left."""
        place = installation.Place(self.state)
        if (self.state / "processes").exists():
            installation.stop(place)
            place.forget_servers()
        shutil.rmtree(self.state, ignore_errors=True)

    def run(self, mutant="", services=(), replicas=()):
        """What runs after this: each service, those of `replicas` twice, and those of `services` with the mutant."""
        wanted = {name: mutant if installation.service_of(name) in services else ""
                  for name in (*SERVICES, *(f"{service}-2" for service in replicas))}
        running = self.running()
        self.end(*(name for name in running if self.mutants[name] != wanted.get(name)))
        for name in wanted.keys() - self.running():
            os.environ["HOLDFAST_MUTANT"] = wanted[name]
            self.installation.start_service(name)
            self.mutants[name] = wanted[name]
        os.environ.pop("HOLDFAST_MUTANT", None)
        self.wait(lambda: all(self.installation.is_ready(name) for name in wanted), "the services are ready")

    def running(self):
        return {name for name in self.addresses if process.running(self.state, name)}

    def end(self, *names):
        """As an update ends them: SIGTERM to all at once, and time to drain."""
        # Between calls nobody reads from these, and a server would wait in vain for the answer to its farewell.
        for caller in self._callers:
            caller.close()
        records = [process.running(self.state, name) for name in names]
        for record in records:
            record.process.signal(signal.SIGTERM)
        for record in records:
            process.stop(self.state, record, patience_s=PATIENCE_S)

    # What is done to it

    def keep_log_in_memory(self):
        """Nobody gives the kernel what others have committed: what a backend does not write itself stays in memory."""
        for child in self._children_of_postgres():
            title = pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
            if b"walwriter" in title or b"background writer" in title:
                os.kill(child, signal.SIGSTOP)

    def kill_postgres(self):
        """Every process of it at once: what it had in memory is gone."""
        postmaster = process.running(self.state, postgres.NAME).process.pid
        os.kill(postmaster, signal.SIGSTOP)  # it starts nobody anew meanwhile
        for child in [*self._children_of_postgres(), postmaster]:
            os.kill(child, signal.SIGKILL)
        self.wait(lambda: not process.running(self.state, postgres.NAME), "PostgreSQL is dead")
        self.installation.start_server(postgres.NAME)

    def _children_of_postgres(self):
        postmaster = process.running(self.state, postgres.NAME).process.pid
        return [int(child) for child in pathlib.Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()]

    @contextlib.contextmanager
    def held(self, service, statement):
        """Meanwhile a person at psql holds a lock."""
        holder = subprocess.Popen(self.databases.command(service), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        print(f"BEGIN; {statement};\n\\echo held", file=holder.stdin, flush=True)
        while holder.stdout.readline() != "held\n":
            assert holder.poll() is None
        try:
            yield
        finally:
            holder.stdin.close()
            holder.wait()

    @contextlib.contextmanager
    def uneven_commits(self, service):
        """Meanwhile a transaction that has published takes up to 30 ms to commit, with its place in the outbox."""
        self.databases.change(service, "CREATE FUNCTION runtime.take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                             "PERFORM pg_sleep(random() * 0.03); RETURN NULL; END $$; "
                             "CREATE CONSTRAINT TRIGGER uneven AFTER INSERT ON runtime.outbox "
                             "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION runtime.take_time()")
        try:
            yield
        finally:
            self.databases.change(service, "DROP TRIGGER uneven ON runtime.outbox; DROP FUNCTION runtime.take_time()")

    # What is there

    def settle(self):
        """Until everything that was published is handled everywhere, one way or the other, and all timers are fired."""
        self.wait(lambda: self._is_quiet() and self._is_quiet(), "all events are handled")

    def _is_quiet(self):
        answers = [self._operator.call(name, QUIESCENCE, {}, "settle", CALL_S)[1] for name in self.running()]
        return all(answer and all(service["settled"] for service in answer["services"]) for answer in answers)

    @staticmethod
    def becomes(is_so, patience_s=PATIENCE_S):
        try:
            return bool(attacked.wait_until(is_so, patience_s, ""))
        except TimeoutError:
            return False

    def wait(self, is_so, what):
        if not self.becomes(is_so):
            raise TimeoutError(f"after {PATIENCE_S} s it is not so that {what}")

    # Who speaks with it

    def caller(self, key):
        self._callers.append(Reconnecting(self.protos, self.addresses, key))
        return self._callers[-1]

    def command_line(self, *arguments, key="", mutant="", state=None, expect=0):
        program = self.installation.binaries / "command_line" / "holdfast-cli"
        environment = {"HOLDFAST_STATE": str(state or self.state), "HOLDFAST_MUTANT": mutant, "HOLDFAST_KEY": key}
        told = {name: value for name, value in environment.items() if value}
        done = subprocess.run([program, *map(str, arguments), "--json"], env=os.environ | told, capture_output=True, text=True)
        if expect is not None and done.returncode != expect:
            raise RuntimeError(f"{arguments}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def new_agency(self):
        """Its id, its first member of the staff, a key, and an address of its own for mail."""
        file, mail = self.state / "keys" / f"{uuid.uuid4()}.key", f"{uuid.uuid4()}@agency.example"
        made = self.command_line("agencies", "create", "Mutants", "--time-zone", "America/New_York", "--staff-name",
                                 "Robin", "--staff-email", mail, "--key-file", file)[0]
        return made["agency"]["id"], made["staff"]["id"], file.read_text().strip(), mail


class Reconnecting(Caller):
    """Goes on after `close`."""

    def __init__(self, *how):
        super().__init__(*how)
        self._how = how

    def close(self):
        super().close()
        self.__init__(*self._how)
