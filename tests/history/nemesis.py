"""What goes wrong: seeded faults, one every half a second or so, most of them over in a moment, several at a time."""

import contextlib
import datetime
import heapq
import os
import random
import signal
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import confluent_kafka

from observers import TOPICS, GroupMember
from stack import SERVERS, SERVICES, process

CLOCK = "holdfast.operations.v1.OperationsService/"
PACE_S = (0.3, 0.8)
# Those that call somebody.
SLOW = ("clock", "rebalance", "poison", "moved-lease")
# As a relay takes it, but for a moment.
TAKE_LEASE = """
  UPDATE runtime.leases SET owner = gen_random_uuid(), term = term + 1,
    expires_at = clock_timestamp() + interval '300 ms' WHERE name LIKE '%.relay'"""
# Longer than a relay's lease (5 s): the sleeper wakes up as a second leader.
PAST_THE_LEASE_S = (5.5, 7.0)
# How often each kind is chosen.
KINDS = {
    "kill": 14,
    "term": 8,
    "stop": 10,
    "cut": 12,
    "break": 10,
    "delay": 10,
    "hang": 8,
    "halve": 12,
    "kill-postgres": 3,
    "stop-postgres": 4,
    "kill-redis": 4,
    "stop-redis": 3,
    "kill-kafka": 1,
    "stop-kafka": 3,
    "disk": 2,
    "clock": 5,
    "sleeping-leader": 1,
    "moved-lease": 4,
    "rebalance": 4,
    "poison": 3,
}


class Nemesis:
    def __init__(self, stack, caller, history, seed, kinds):
        self._stack = stack
        self._caller = caller
        self._history = history
        self._random = random.Random(f"nemesis {seed}")
        self._kinds = {kind: KINDS[kind] for kind in kinds}
        self._healing = []  # (when, number, what, how)
        self._busy = set()
        self._members = [self._new_member(0), self._new_member(1)]
        self._broken_off = threading.Event()
        self._number = 0
        self.counts = dict.fromkeys(self._kinds, 0)

    def attack(self, faults):
        """
        So many faults, each kind once before any comes by its weight; then none is left to be healed by us. Whatever
        they did may take longer.
        """
        first = self._random.sample(sorted(self._kinds), len(self._kinds))
        while self._number < faults and not self._broken_off.is_set():
            kind = first[-1] if first else self._random.choices(list(self._kinds), self._kinds.values())[0]
            if self._begin(kind):
                first = first[:-1]
                self._number += 1
                self.counts[kind] += 1
            self._wait(self._random.uniform(*PACE_S))
        while self._healing or self._busy:
            self._wait(0.1)

    def heal(self):
        """Also after an attack that was broken off."""
        self._stack.proxies.heal()
        self._stack.free_disk()
        for name in (*SERVERS, *self._stack.programs):
            self._signal_all(name, signal.SIGCONT)

    def leave(self):
        for member in self._members:
            member.leave()

    def _begin(self, kind):
        """Whether it could begin: a target has one fault at a time."""
        fault = getattr(self, "_" + kind.partition("-")[0] if kind.endswith(SERVERS) else "_" + kind.replace("-", "_"))
        target = self._target(kind)
        if target in self._busy:
            return False
        self._history.add("fault", fault=kind, target=target)
        if kind in SLOW:
            self._busy.add(target)
            threading.Thread(target=self._beside, args=(fault, target), daemon=True).start()
        else:
            fault(target)
        return True

    def _beside(self, fault, target):
        """What takes its time does not hold up the next fault."""
        try:
            fault(target)
        finally:
            self._busy.discard(target)

    def _target(self, kind):
        for server in SERVERS:
            if kind.endswith(server):
                return server
        if kind == "moved-lease":
            return "leases"
        if kind in ("kill", "term", "stop", "sleeping-leader"):
            return self._random.choice(self._stack.programs)
        if kind in ("cut", "break", "delay", "hang", "halve"):
            return self._random.choice(["postgres", "redis", "kafka", *self._stack.programs])
        return {"disk": "postgres", "rebalance": "observers", "poison": "topics", "clock": "clocks"}[kind]

    def _until_healed(self, target, seconds, how):
        self._busy.add(target)
        heapq.heappush(self._healing, (time.monotonic() + self._random.uniform(*seconds), self._number, target, how))

    def _wait(self, seconds):
        until = time.monotonic() + seconds
        while True:
            now = time.monotonic()
            while self._healing and self._healing[0][0] <= now:
                _, _, target, how = heapq.heappop(self._healing)
                how()
                self._busy.discard(target)
            if now >= until:
                return
            self._broken_off.wait(min(0.05, until - now))

    def _signal_all(self, name, number):
        """PostgreSQL is a process a connection."""
        record = process.running(self._stack.state, name)
        if record is None:
            return
        children = []
        if name == "postgres":
            with contextlib.suppress(OSError):
                children = Path(f"/proc/{record.process.pid}/task/{record.process.pid}/children").read_text().split()
        for child in children:
            with contextlib.suppress(OSError):
                os.kill(int(child), number)
        record.process.signal(number)

    # Faults, by their kinds

    def _kill(self, target):
        self._stack.signal(target, signal.SIGKILL)

    def _term(self, target):
        self._stack.signal(target, signal.SIGTERM)

    def _stop(self, target):
        self._signal_all(target, signal.SIGSTOP)
        self._until_healed(target, (0.2, 2.5), lambda: self._signal_all(target, signal.SIGCONT))

    def _sleeping_leader(self, target):
        self._signal_all(target, signal.SIGSTOP)
        self._until_healed(target, PAST_THE_LEASE_S, lambda: self._signal_all(target, signal.SIGCONT))

    def _moved_lease(self, _target):
        """Somebody else holds it for a moment, and he who believes that he still leads was not told."""
        with contextlib.suppress(OSError):  # where PostgreSQL is away, nobody can
            self._stack.databases.change(self._random.choice(SERVICES), TAKE_LEASE)

    def _proxy(self, target):
        return self._stack.proxies.by_name[target]

    def _cut(self, target):
        self._proxy(target).cut()
        self._until_healed(target, (0.1, 2.0), self._proxy(target).heal)

    def _break(self, target):
        self._proxy(target).break_connections()

    def _delay(self, target):
        self._proxy(target).delay(self._random.choice([0.005, 0.02, 0.1, 0.3]))
        self._until_healed(target, (0.3, 3.0), self._proxy(target).heal)

    def _hang(self, target):
        self._proxy(target).hang()
        self._until_healed(target, (0.3, 3.0), self._proxy(target).heal)

    def _halve(self, target):
        self._proxy(target).halve(self._random.choice([1, 1, 2, 4]))
        self._until_healed(target, (0.2, 1.0), self._proxy(target).heal)

    def _disk(self, _target):
        self._stack.fill_disk()
        self._until_healed("postgres", (0.2, 1.5), self._stack.free_disk)

    def _clock(self, _target):
        """Hours or days in one step, as after a standstill."""
        hours = self._random.choice([1, 3, 9, 26, 74])
        self.set_clock(lambda now: now + datetime.timedelta(hours=hours))

    def set_clock(self, to):
        """Where the furthest clock says `now`, every clock is set to `to(now)`; true when all were."""
        call = f"nemesis-{self._number}"
        with ThreadPoolExecutor() as together:
            ask = lambda method, request: list(
                together.map(
                    lambda name: self._caller.call(name, f"{CLOCK}{method}", request, call, 3), self._stack.programs
                )
            )
            read = [answer for _, answer, _ in ask("GetClock", {}) if answer]
            if not read:
                return False
            now = max(instant(answer["businessNow"]) for answer in read)
            set_to = to(now).isoformat().replace("+00:00", "Z")
            return all(outcome == "ok" for outcome, _, _ in ask("SetClock", {"business_now": set_to}))

    def _rebalance(self, _target):
        leaving = self._members.pop(self._random.randrange(len(self._members)))
        leaving.leave()
        self._members.append(self._new_member(self._number + 2))

    def _new_member(self, number):
        member = GroupMember(f"member {number}", self._brokers, self._history)
        member.start()
        return member

    @property
    def _brokers(self):
        return f"127.0.0.1:{self._stack.proxies.by_name['kafka'].port}"

    def _poison(self, _target):
        """An event whose data nobody can read, among those of an account; or something that is no event at all."""
        topic, event = self._random.choice(TOPICS), str(uuid.UUID(int=self._random.getrandbits(128), version=4))
        kind = {
            "holdfast.tickets": "ticket-opened",
            "holdfast.contracts": "contract-created",
            "holdfast.renewals": "notice-sent",
            "holdfast.accounts": "account-changed",
            "holdfast.notifications": "message-sent",
        }[topic]
        is_event = self._random.random() < 0.7
        headers = {
            "ce_specversion": "1.0",
            "ce_id": event,
            "ce_type": f"holdfast.{kind}.v1",
            "ce_sequence": "1",
            "ce_time": "2026-12-01T15:00:00Z",
            "ce_agency": self._stack.agency,
        }
        key = f"{self._stack.agency}/{event}"
        self._history.add("poison", id=event, topic=topic, key=key, event=is_event)
        producer = confluent_kafka.Producer(
            {
                "bootstrap.servers": self._brokers,
                "message.timeout.ms": 60000,
                "log_level": 0,
                "error_cb": lambda error: None,
            }
        )
        producer.produce(topic, b"\xff\xff no protobuf", key, headers=list(headers.items()) if is_event else [])
        producer.flush(30)


def instant(text):
    return datetime.datetime.fromisoformat(text[:19] + "+00:00")
