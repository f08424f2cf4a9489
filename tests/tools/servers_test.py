#!/usr/bin/python3
"""The private servers of an installation: what was acknowledged survives a kill, and no stale record misleads."""

import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
from dataclasses import replace
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tools" / "local"))

import kafka  # noqa: E402
import ports  # noqa: E402
import postgres  # noqa: E402
import process  # noqa: E402
import redis  # noqa: E402
from messages import Refused  # noqa: E402
from place import Place  # noqa: E402

TOPIC = "acknowledged"


class Servers(unittest.TestCase):
    """Durable ones, as tools/up starts them, in a folder and on ports of the test's own."""

    def setUp(self):
        self.state = Path(tempfile.mkdtemp(prefix="holdfast-"))
        self.place = Place(self.state)
        self.place.prepare()
        self.postgres_port, self.kafka_port, self.controller_port, self.redis_port = ports.pick_free(4)

    def tearDown(self):
        for server in (kafka, redis, postgres):
            server.stop(self.place)
        self.place.forget_servers()
        shutil.rmtree(self.state)

    def start_postgres(self):
        return postgres.start(self.place, self.postgres_port)

    def start_kafka(self):
        return kafka.start(self.place, self.kafka_port, self.controller_port)

    def kill(self, record):
        record.process.signal(signal.SIGKILL)
        self.assertTrue(record.process.exits_within(10_000))

    def ask(self, record, sql):
        return _run("psql", "-X", "-A", "-t", "-d", f"{record.addresses['superuser']} dbname=postgres", "-c", sql)

    def test_postgres_keeps_what_it_acknowledged(self):
        record = self.start_postgres()
        self.ask(record, "CREATE TABLE kept (line int)")
        self.ask(record, "INSERT INTO kept VALUES (42)")
        self.kill(record)
        again = self.start_postgres()
        self.assertNotEqual(record.process, again.process)
        self.assertEqual(self.ask(again, "SELECT line FROM kept"), "42\n")

    def test_postgres_starts_although_its_lock_names_a_living_process(self):
        self.kill(self.start_postgres())
        lock = self.place.folder("postgres") / "postmaster.pid"
        lock.write_text(lock.read_text().replace(lock.read_text().split("\n")[0], str(os.getpid()), 1))
        self.assertTrue(self.start_postgres().alive())

    def test_postgres_is_not_started_beside_one_that_nobody_recorded(self):
        record = self.start_postgres()
        process.forget(self.state, "postgres")
        with self.assertRaisesRegex(Refused, "no command recorded"):
            self.start_postgres()
        record.process.signal(signal.SIGINT)
        self.assertTrue(record.process.exits_within(10_000))

    def test_by_tcp_postgres_asks_for_a_password(self):
        self.start_postgres()
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            _run("psql", "-X", "-w", "-d", f"host=127.0.0.1 port={self.postgres_port} user=postgres dbname=postgres")
        self.assertIn("no password supplied", refused.exception.stderr)

    def test_kafka_keeps_what_it_acknowledged_and_makes_no_topic_by_itself(self):
        record = self.start_kafka()
        broker = ["kcat", "-b", record.addresses["tcp"]]
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            _run(*broker, "-t", "misspelt", "-P", text="lost\n")
        self.assertIn("Unknown topic", refused.exception.stderr)
        self.create_topic()
        _run(*broker, "-t", TOPIC, "-P", "-X", "acks=all", text="one\ntwo\n")
        self.kill(record)
        self.start_kafka()
        self.assertEqual(_run(*broker, "-t", TOPIC, "-C", "-e", "-q"), "one\ntwo\n")

    def test_starting_what_runs_changes_nothing(self):
        self.assertEqual(self.start_postgres(), self.start_postgres())

    def test_a_port_that_is_taken_is_named(self):
        redis.start(self.place, self.redis_port)
        with self.assertRaisesRegex(Refused, f"{self.redis_port} \\(redis\\)"):
            ports.require_free({"redis": self.redis_port, "kafka": self.kafka_port})

    def test_a_server_that_ends_while_starting_shows_its_log(self):
        redis.start(self.place, self.redis_port)
        process.forget(self.state, "redis")
        other = Place(self.state / "other")
        other.prepare()
        with self.assertRaises(Refused) as refused:
            redis.start(other, self.redis_port)
        self.assertIn("in use", refused.exception.log_end)

    def create_topic(self):
        """CreateTopics, version 0: one topic of one partition and one copy, within 30 s."""
        name = TOPIC.encode()
        topic = struct.pack(f">h{len(name)}sihii", len(name), name, 1, 1, 0, 0)
        answer = kafka.ask(self.kafka_port, 19, 0, struct.pack(">i", 1) + topic + struct.pack(">i", 30_000))
        self.assertTrue(answer.endswith(struct.pack(">h", 0)), answer)


class Records(unittest.TestCase):
    """A pid alone proves nothing: it may be somebody else's by now."""

    def setUp(self):
        self.state = Path(tempfile.mkdtemp(prefix="holdfast-"))
        for folder in ("logs", "processes"):
            (self.state / folder).mkdir()
        self.record = process.start(self.state, "sleeper", ["sleep", "600"], {})

    def tearDown(self):
        self.record.process.signal(signal.SIGKILL)
        shutil.rmtree(self.state)

    def test_the_recorded_process_is_recognised(self):
        self.assertEqual(process.running(self.state, "sleeper"), self.record)

    def test_a_process_that_took_its_pid_is_left_alone(self):
        for fields in ({"started_ticks": 1}, {"boot": "another"}):
            earlier = replace(self.record, process=replace(self.record.process, **fields))
            self.assertFalse(earlier.alive())
            process.stop(self.state, earlier)
            self.assertTrue(self.record.alive())

    def test_stopping_insists(self):
        deaf = ["bash", "-c", "trap '' TERM; echo deaf; while :; do wait; done"]
        record = process.start(self.state, "deaf", deaf, {})
        process.wait_until_ready(self.state, record, lambda: process.log_end(self.state, "deaf"), 10)
        process.stop(self.state, record, patience_s=1)
        self.assertFalse(record.alive())
        self.assertIsNone(process.running(self.state, "deaf"))


def _run(*command, text=""):
    done = subprocess.run(command, input=text, capture_output=True, text=True)
    done.check_returncode()
    return done.stdout


if __name__ == "__main__":
    unittest.main()
