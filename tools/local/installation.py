"""An installation on this machine: private servers, databases, keys and the services, under one state folder."""

import base64
import json
import os
import re
import secrets
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import kafka
import ports
import postgres
import process
import redis
from messages import Progress, Refused
from place import CHECKOUT, Place

SERVICES = ("accounts", "contracts", "tickets", "notifications")
# What may run of them apart: a test runs some services twice.
PROGRAMS = (*SERVICES, *(f"{service}-2" for service in SERVICES))
# Migrations of a large book run before a service is ready.
READY_PATIENCE_S = 300
# A service that drains finishes what it has begun, and refuses what is new.
DRAIN_PATIENCE_S = 30


class Numbers:
    """Which port is whose, counted from the base."""

    def __init__(self, base):
        self.base = base
        self.grpc = base + 10
        self.admin = base + 20
        self.kafka = base + 30
        self.kafka_controller = base + 31
        self.postgres = base + 40
        self.redis = base + 50

    def grpc_of(self, program, apart):
        return self.grpc + (1 + PROGRAMS.index(program) if apart else 0)

    def admin_of(self, program, apart):
        return self.admin + (1 + PROGRAMS.index(program) if apart else 0)

    def all(self):
        of_programs = [of(name, apart) for of in (self.grpc_of, self.admin_of) for name in PROGRAMS for apart in (True, False)]
        return [*of_programs, self.kafka, self.kafka_controller, self.postgres, self.redis]


def free_base_port(first):
    """The first base from there on whose whole range is free now: for tests."""
    for base in range(first, first + 2000, 100):
        if all(ports.is_free(port) for port in Numbers(base).all()):
            return base
    raise Refused(f"no free range of ports from {first} on", None)


class Installation:
    def __init__(self, state, base_port, apart=False, clock=None, preset="release", twice=(), ways=None):
        """
        Of tests: `twice` names services of which two processes run; `ways` has the ports by which services reach what
        listens elsewhere (name -> port), through a proxy that the test puts in between.
        """
        self.place = Place(state)
        self.binaries = CHECKOUT / "build" / preset / "services"
        self.numbers = Numbers(base_port)
        self.apart = apart
        self.clock = clock
        self.twice = twice
        self.postgres_settings = {}
        self.ways = ways or {}

    @property
    def state(self):
        return self.place.state

    def programs(self):
        """What runs: name -> binary."""
        if not self.apart:
            return {"holdfast": self.binaries / "all" / "holdfast"}
        running = [*SERVICES, *(f"{service}-2" for service in self.twice)]
        return {name: self.binaries / service_of(name) / f"holdfast-{service_of(name)}" for name in running}

    def start_servers(self):
        self.place.prepare()
        self._require_free_ports(
            {"kafka": self.numbers.kafka, "postgres": self.numbers.postgres, "redis": self.numbers.redis}
        )
        with Progress("starting PostgreSQL, Redis and Kafka"), ThreadPoolExecutor() as together:
            begun = [
                together.submit(self.start_server, name) for name in (kafka.NAME, postgres.NAME, redis.NAME)
            ]
        for server in begun:
            server.result()
        self._prepare_databases()

    def start_server(self, name):
        if name == kafka.NAME:
            port, controller_port = self.numbers.kafka, self.numbers.kafka_controller
            return kafka.start(self.place, port, controller_port, advertised_port=self._way(kafka.NAME, port))
        if name == postgres.NAME:
            return postgres.start(self.place, self.numbers.postgres, settings=self.postgres_settings)
        return redis.start(self.place, self.numbers.redis)

    def start_service(self, name):
        """Starts it, unless it runs, and does not wait."""
        return self._start(name, self.programs()[name], self._environment())

    def start_services(self):
        wanted = {name: self._admin_port(name) for name in self.programs()}
        self._stop_replaced()
        self._require_free_ports(wanted)
        with Progress("starting the services"):
            for record in self.begin_services():
                process.wait_until_ready(
                    self.state, record, lambda name=record.name: self.is_ready(name), READY_PATIENCE_S
                )

    def begin_services(self):
        """Starts them and does not wait."""
        return [self.start_service(name) for name in self.programs()]

    def is_ready(self, program):
        try:
            with urllib.request.urlopen(
                f"http://{ports.address(self._admin_port(program))}/readyz", timeout=5
            ) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def memory_mib(self, which):
        """By program, as its status in /proc has it: VmRSS is resident now, VmHWM at its most."""
        memory = {}
        for name in self.programs():
            status = Path(f"/proc/{process.running(self.state, name).process.pid}/status").read_text()
            memory[name] = int(status.split(f"{which}:")[1].split()[0]) / 1024
        return memory

    def refuse_other_shape(self):
        """A running installation is what it is: other flags take a `tools/down` first."""
        description = read_description(self.state)
        if description is None or not any(record.alive() for record in process.records(self.state).values()):
            return
        asked = {"apart": self.apart, "basePort": self.numbers.base}
        if self.clock is not None:
            asked["clock"] = self.clock
        for name, value in asked.items():
            if description.get(name) != value:
                raise Refused(
                    f"already running with {name} = {description.get(name)}, not {value}",
                    "tools/down, then tools/up again",
                )
        self.clock = description.get("clock")

    def describe(self):
        """var/holdfast.json: what runs, for scripts and for tools/holdfast. It holds no secrets."""
        numbers = self.numbers
        running = {name: record for name, record in process.records(self.state).items() if record.alive()}
        description = {
            "version": version(),
            "apart": self.apart,
            "basePort": numbers.base,
            "clock": self.clock,
            "addresses": {
                "grpc": {name: ports.address(numbers.grpc_of(name, self.apart)) for name in SERVICES},
                "admin": {name: f"http://{ports.address(self._admin_port(name))}" for name in self.programs()},
                "kafka": ports.address(numbers.kafka),
                "postgres": ports.address(numbers.postgres),
                "redis": ports.address(numbers.redis),
            },
            "processes": {name: record.process.pid for name, record in running.items()},
        }
        process.write_atomically(self.state / "holdfast.json", json.dumps(description, indent=2) + "\n")
        return description

    def _start(self, name, binary, environment):
        running = process.running(self.state, name)
        if running:
            return running
        if not binary.exists():
            log = self.binaries.parent.relative_to(CHECKOUT) / "build.log"
            raise Refused(f"{binary.relative_to(CHECKOUT)} was not built", f"see {log}")
        own = {
            "admin.port": self._admin_port(name),
            "grpc.address": ports.address(self.numbers.grpc_of(name, self.apart)),
        }
        own = {**environment, **_variables(own)}
        return process.start(self.state, name, [binary], {}, environment=own, directory=self.state)

    def _environment(self):
        """Every setting that depends on where we are, by its variable; other HOLDFAST_ variables are the caller's."""
        numbers = self.numbers
        settings = {
            "kafka.brokers": ports.address(self._way(kafka.NAME, numbers.kafka)),
            "redis.address": ports.address(self._way(redis.NAME, numbers.redis)),
            "accounts.cache.only_replica": "true",
            "auth.signing_key_file": self._signing_key(),
            "auth.public_key_file": self._public_key(),
            "secrets.key_file": self._key_encryption_key(),
        }
        if self.clock is not None:
            settings.update({"clock.movable": "true", "clock.start": self.clock})
        for service in SERVICES:
            settings[f"{service}.db.url"] = self._database_url(service, "app")
            settings[f"{service}.db.owner_url"] = self._database_url(service, "owner")
            if self.apart:
                settings[f"peers.{service}"] = ports.address(self._way(service, numbers.grpc_of(service, apart=True)))
        callers = {name: value for name, value in os.environ.items() if name.startswith("HOLDFAST_")}
        return {**process.plain_environment(), **callers, **_variables(settings)}

    def _prepare_databases(self):
        """One database a service. The owner migrates and passes row-level security; the app role is held to it."""
        script = []
        for service in SERVICES:
            for role, bypass in (("owner", "BYPASSRLS"), ("app", "NOBYPASSRLS")):
                name = f"holdfast_{service}_{role}"
                script.append(f"SELECT 'CREATE ROLE {name}' WHERE to_regrole('{name}') IS NULL \\gexec")
                script.append(f"ALTER ROLE {name} LOGIN {bypass} PASSWORD '{self._password(name)}';")
            database = f"holdfast_{service}"
            missing = f"NOT EXISTS (SELECT FROM pg_database WHERE datname = '{database}')"
            script.append(f"SELECT 'CREATE DATABASE {database} OWNER {database}_owner' WHERE {missing} \\gexec")
            script.append(f"REVOKE ALL ON DATABASE {database} FROM PUBLIC;")
            script.append(f"GRANT CONNECT, TEMPORARY ON DATABASE {database} TO {database}_app;")
            script.append(f"\\connect {database}")
            script.append("SET client_min_messages = warning;")
            script.append("CREATE EXTENSION IF NOT EXISTS pg_trgm;")
            script.append("CREATE EXTENSION IF NOT EXISTS btree_gin;")
        postgres.script(process.running(self.state, postgres.NAME), "\n".join(script))

    def _database_url(self, service, role):
        name = f"holdfast_{service}_{role}"
        server = f"host={ports.LOOPBACK} port={self._way(postgres.NAME, self.numbers.postgres)}"
        return f"{server} dbname=holdfast_{service} user={name} password={self._password(name)}"

    def _password(self, role):
        return self.place.secret_file(f"{role}.password", lambda: secrets.token_hex(24)).read_text()

    def _signing_key(self):
        return self.place.secret_file(
            "signing_key.pem", lambda: process.run(["openssl", "genpkey", "-algorithm", "ed25519"])
        )

    def _public_key(self):
        private = self._signing_key()
        return self.place.secret_file(
            "public_key.pem", lambda: process.run(["openssl", "pkey", "-pubout", "-in", private])
        )

    def _key_encryption_key(self):
        """A line a key, the newest first: its id, and 256 bits in base64."""
        return self.place.secret_file(
            "secrets.key", lambda: f"{secrets.token_hex(4)} {base64.b64encode(secrets.token_bytes(32)).decode()}\n"
        )

    def _stop_replaced(self):
        """A service whose binary was built anew is started anew."""
        for name in self.programs():
            record = process.running(self.state, name)
            if record and record.process.replaced():
                process.stop(self.state, record, patience_s=DRAIN_PATIENCE_S)

    def _require_free_ports(self, wanted):
        ports.require_free({name: port for name, port in wanted.items() if not process.running(self.state, name)})

    def _way(self, name, port):
        return self.ways.get(name, port)

    def _admin_port(self, program):
        return self.numbers.admin_of(program, self.apart)


def service_of(program):
    return program.removesuffix("-2")


def stop(place):
    """Services first, so that they can drain; then what they need. True if something ran."""
    running = [record for record in process.records(place.state).values() if record.alive()]
    services = [record for record in running if record.name not in (kafka.NAME, redis.NAME, postgres.NAME)]
    for record in services:
        record.process.signal(15)  # all of them at once: each waits for its own calls only
    for record in services:
        process.stop(place.state, record, patience_s=DRAIN_PATIENCE_S)
    for server in (kafka, redis, postgres):
        server.stop(place)
    for name in process.records(place.state):
        process.forget(place.state, name)
    (place.state / "holdfast.json").unlink(missing_ok=True)
    return bool(running)


def read_description(state):
    path = state / "holdfast.json"
    return json.loads(path.read_text()) if path.exists() else None


def version():
    return re.search(r"project\(holdfast VERSION (\S+)", (CHECKOUT / "CMakeLists.txt").read_text()).group(1)


def _variables(settings):
    """As the services name them in their environment: tickets.db.url is HOLDFAST_TICKETS_DB_URL."""
    return {f"HOLDFAST_{name.upper().replace('.', '_')}": str(value) for name, value in settings.items()}
