"""Whoever reaches the gRPC port and means ill, without credentials: no attack ends the process, stops it from serving
others, or makes it take what it does not give back."""

import argparse
import concurrent.futures
import json
import os
import pathlib
import random
import resource
import struct
import subprocess
import sys
import threading
import unittest

import grpc

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
sys.path[1:1] = [str(CHECKOUT / "tests" / name) for name in ("absences", "tenants")]

import http2  # noqa: E402
from http2 import CANCEL, Connection, Sender, frame  # noqa: E402
from rpcs import Rpcs  # noqa: E402
from stand import Agency, Stand, eventually  # noqa: E402

ARGUMENTS = argparse.Namespace()
HERE = argparse.Namespace()
MEBIBYTE = 1 << 20
READ = "/holdfast.accounts.v1.AgencyService/GetAgency"
# Resident at most, whatever was done to it, and all of it one after the other: what all services take alone (45 MiB
# here), 256 of unfinished requests (grpc.unfinished_mib), 280 of 10,000 connections (28 KiB each), 800 of calls that are
# reset faster than they end, 128 of headers.
MOST_RESIDENT_MIB = 1536
# What the services open and close by themselves meanwhile.
OWN_DESCRIPTORS = 24


def setUpModule():
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    HERE.rpcs = Rpcs(ARGUMENTS.build)
    HERE.stand = Stand(ARGUMENTS.build, ARGUMENTS.preset, f"{ARGUMENTS.build}/abuse", apart=False)
    unittest.addModuleCleanup(HERE.stand.end)
    HERE.stand.start({})
    HERE.key = Agency(HERE.stand, "Cedar").key
    HERE.target = HERE.stand.described["addresses"]["grpc"]["accounts"]
    host, port = HERE.target.split(":")
    HERE.address = host, int(port)
    HERE.pid = HERE.stand.pids()["holdfast"]


class Abuse(unittest.TestCase):
    def setUp(self):
        self.opened = []
        self.pid = HERE.pid
        self.errors = self.error_lines()
        pathlib.Path(f"/proc/{self.pid}/clear_refs").write_text("5")  # the peak begins here
        self.check_serves()
        self.descriptors = self.count_descriptors()

    def tearDown(self):
        """After each: it lives, it serves, it took no more than it may and has given back what it took."""
        self.check_serves()
        for connection in self.opened:
            connection.close()
        eventually(lambda: self.count_descriptors() <= self.descriptors + OWN_DESCRIPTORS, "connections are given back")
        self.check_serves()
        self.assertEqual(HERE.stand.pids()["holdfast"], self.pid, "it is the process that it was")
        self.assertLess(self.memory("VmHWM"), MOST_RESIDENT_MIB)
        self.assertEqual(self.error_lines(), self.errors, "nothing of this is an error of ours")
        print(f"{self.memory('VmRSS'):.0f} MiB resident, {self.memory('VmHWM'):.0f} at most", end="; ")

    def check_serves(self):
        """Somebody who comes now, by a connection of their own, is answered."""
        self.assertTrue(self.is_served())

    def is_served(self):
        HERE.rpcs.channel = grpc.insecure_channel(HERE.target, options=[("grpc.use_local_subchannel_pool", 1)])
        with HERE.rpcs.channel:
            return HERE.rpcs.call(READ.split(".")[-1], {}, HERE.key).code == "OK"

    def memory(self, which):
        status = pathlib.Path(f"/proc/{self.pid}/status").read_text()
        return int(status.split(f"{which}:")[1].split()[0]) / 1024

    def count_descriptors(self):
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def error_lines(self):
        log = (HERE.stand.state / "logs" / "holdfast.log").read_text(errors="replace")
        return [line for line in log.splitlines() if '"level":"error"' in line]

    def connect(self, kind=Connection, **how):
        connection = kind(HERE.address, **how)
        self.opened.append(connection)
        return connection

    def check_hangs_up(self, connection):
        """Says GOAWAY, or nothing any more."""
        said = connection.until(http2.GOAWAY)
        self.assertTrue(said is None or said[0] == http2.GOAWAY)

    # Messages

    def test_a_message_beyond_the_limit_is_refused(self):
        for size, reason in ((4 * MEBIBYTE + 1, "MESSAGE_TOO_LARGE"), (17 * MEBIBYTE, "")):
            HERE.rpcs.channel = grpc.insecure_channel(HERE.target)
            with HERE.rpcs.channel:
                asked = {"id": "0190f3a0-0000-7000-8000-000000000000", "data": "eHh4" * (size // 3 + 1)}
                answer = HERE.rpcs.call("ImportService/AppendImport", asked, HERE.key)
            self.assertEqual((answer.code, answer.reason), ("RESOURCE_EXHAUSTED", reason), size)

    def test_requests_that_never_end_take_so_much_and_no_more(self):
        # gRPC looks at the length of a message once it has all of it: one that is announced as 4 GiB is sent on and on.
        self.assertFalse(self.connect(Sender).send_part(READ, 384 * MEBIBYTE, 0xFFFFFFFF))
        # And 64 times 15 of 16 MiB: 960, if all were kept.
        senders = [self.connect(Sender) for _ in range(64)]
        with concurrent.futures.ThreadPoolExecutor(16) as together:
            taken = list(together.map(lambda one: one.send_part(READ, 15 * MEBIBYTE, 16 * MEBIBYTE - 10), senders))
        self.assertIn(False, taken, "beyond what may be unfinished, connections are cut")

    def test_callers_who_dawdle_hold_up_nobody(self):
        for _ in range(500):
            connection = self.connect()
            connection.send(frame(http2.DATA, 0, connection.open(READ), http2.message(b"x", 100)[:6]))
        for _ in range(500):
            self.connect(raw=True).send(http2.PREFACE[:11])

    def test_a_reader_who_reads_nothing_is_not_waited_for(self):
        # No window at all: every answer stays with the server, 1,000 to a connection. The largest that needs no credentials.
        for _ in range(4):
            connection = self.connect(settings=struct.pack(">HI", 4, 0), receive_buffer=4096)
            for _ in range(1000):
                stream = connection.open("/grpc.health.v1.Health/Check")
                connection.send(frame(http2.DATA, http2.END_STREAM, stream, http2.message(b"")))

    # Connections

    def test_ten_thousand_idle_connections(self):
        before = self.memory("VmRSS")
        for _ in range(10_000):
            self.connect()
        # Of the descriptors counted before some may have been the last test's, and are given back meanwhile.
        all_of_them = self.descriptors + 10_000 - OWN_DESCRIPTORS
        eventually(lambda: self.count_descriptors() >= all_of_them, "it has them all")
        self.check_serves()
        print(f"10,000 connections: {(self.memory('VmRSS') - before) * 1024 / 10_000:.1f} KiB each", end="; ")

    def test_where_descriptors_run_short_connections_are_refused_and_it_goes_on(self):
        most, refused = self.count_descriptors() + 100, self.refused()
        limit = ["prlimit", "--pid", str(self.pid), "--nofile"]
        before = subprocess.run([*limit, "--noheadings", "-o", "SOFT"], capture_output=True, text=True, check=True).stdout
        subprocess.run([*limit[:-1], f"--nofile={2 * most}:"], check=True)
        try:
            for _ in range(1000):
                self.connect()
            eventually(lambda: self.refused() > refused, "what is too much is refused")
            self.assertLessEqual(self.count_descriptors(), most + OWN_DESCRIPTORS)
            self.assertEqual(HERE.stand.page("holdfast", "healthz")[0], 200, "its own pages are served")
            for connection in self.opened:
                connection.close()
            eventually(self.is_served, "who comes when they have gone is served")
        finally:
            subprocess.run([*limit[:-1], f"--nofile={before.strip()}:"], check=True)

    def refused(self):
        return HERE.stand.number("holdfast", "holdfast_rpc_connections_refused")

    # Headers

    def test_headers_beyond_the_limit_are_refused(self):
        for size in (16 << 10, 64 << 10):
            connection = self.connect()
            connection.until(http2.SETTINGS)
            connection.send(frame(http2.SETTINGS, http2.ACK))
            stream = connection.next_stream()
            block = http2.call_headers(READ, ("authorization", f"Bearer {HERE.key}"), ("x-flood", "x" * size))
            pieces = [block[at:at + 16_000] for at in range(0, len(block), 16_000)]
            connection.send(frame(http2.HEADERS, 0, stream, pieces[0]))
            for piece in pieces[1:-1]:
                connection.send(frame(http2.CONTINUATION, 0, stream, piece))
            connection.send(frame(http2.CONTINUATION, http2.END_HEADERS, stream, pieces[-1]))
            connection.send(frame(http2.DATA, http2.END_STREAM, stream, http2.message(b"")))
            for kind, flags, of_stream, _ in connection.frames():
                self.assertNotEqual(kind, http2.DATA, "no answer")
                if of_stream == stream and flags & http2.END_STREAM or kind in (http2.RST_STREAM, http2.GOAWAY):
                    break

    def test_headers_that_never_end_hold_up_nobody(self):
        # What they take is not bounded by gRPC 1.51 (README).
        for _ in range(8):
            connection = self.connect()
            stream = connection.next_stream()
            connection.send(frame(http2.HEADERS, 0, stream, http2.call_headers(READ)))
            for _ in range(1000):
                if not connection.send(frame(http2.CONTINUATION, 0, stream, http2.header("x-more", "x" * 16_000))):
                    break

    # Calls

    def test_calls_opened_and_reset_at_once(self):
        connections = [self.connect() for _ in range(4)]

        def flood(connection):
            for _ in range(10_000):
                stream = connection.open(READ)
                if not connection.send(frame(http2.RST_STREAM, 0, stream, CANCEL)):
                    return

        threads = [threading.Thread(target=flood, args=(connection,)) for connection in connections]
        for thread in threads:
            thread.start()
        for _ in range(20):
            self.check_serves()
        for thread in threads:
            thread.join()

    def test_calls_cancelled_while_they_are_answered(self):
        connection = self.connect()
        authorization = ("authorization", f"Bearer {HERE.key}")
        for _ in range(2000):
            stream = connection.open(READ, authorization)
            connection.send(frame(http2.DATA, http2.END_STREAM, stream, http2.message(b"")))
            connection.send(frame(http2.RST_STREAM, 0, stream, CANCEL))

    def test_more_calls_at_once_than_a_connection_may_have(self):
        connection = self.connect()
        for _ in range(4000):
            connection.open(READ)

    # Frames

    def test_floods_of_what_must_be_answered(self):
        for flood in (frame(http2.PING, payload=b"12345678"), frame(http2.SETTINGS),
                      frame(http2.PRIORITY, stream=1, payload=b"\0\0\0\0\1"), frame(http2.DATA, stream=1)):
            connection = self.connect(receive_buffer=4096)  # and it never reads
            for _ in range(200):
                if not connection.send(flood * 100):
                    break

    def test_frames_that_are_none(self):
        for malformed in (
            frame(http2.DATA, stream=0, payload=b"x"), frame(http2.HEADERS, 4, 2, http2.call_headers(READ)),
            frame(http2.SETTINGS, payload=b"12345"), frame(http2.SETTINGS, http2.ACK, payload=b"123456"),
            frame(http2.PING, payload=b"short"), frame(http2.WINDOW_UPDATE, payload=b"\0\0\0\0"),
            frame(http2.WINDOW_UPDATE, payload=b"\x7f\xff\xff\xff"), frame(http2.CONTINUATION, 4, 1, b"x"),
            frame(http2.RST_STREAM, payload=CANCEL), frame(http2.PUSH_PROMISE, 4, 1, b"\0\0\0\2"),
            frame(http2.HEADERS, 4, 1, b"\xff" * 64), frame(http2.GOAWAY, payload=b"x"),
            frame(http2.DATA, stream=1, announced=(1 << 24) - 1), frame(77, 255, 0x7FFFFFFF, b"x" * 100),
        ):
            self.connect().send(malformed)
        for greeting in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\0" * 4096):
            connection = self.connect(raw=True)
            connection.send(greeting)
            self.check_hangs_up(connection)

    def test_noise(self):
        noise = random.Random(ARGUMENTS.seed)
        for _ in range(300):
            connection = self.connect()
            for _ in range(noise.randrange(1, 20)):
                junk = noise.randbytes(noise.randrange(0, 200))
                connection.send(frame(noise.randrange(0, 11), noise.randrange(0, 256), noise.randrange(0, 8), junk))

    # The pages for operators

    def test_the_admin_port_is_not_taken_by_who_says_nothing(self):
        address = HERE.stand.described["addresses"]["admin"]["holdfast"].removeprefix("http://").split(":")
        for _ in range(200):
            silent = Connection((address[0], int(address[1])), raw=True)
            silent.send(b"GET /healthz HTT")
            self.opened.append(silent)

        def is_served():
            try:
                return json.loads(HERE.stand.page("holdfast", "readyz")[1])["ready"]
            except OSError:
                return False

        eventually(is_served, "who comes later has a turn")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="the build whose program is started")
    parser.add_argument("--preset", required=True)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32), help="of the noise (another every time)")
    parser.add_argument("names", nargs="*", help="of tests: only these")
    parser.parse_args(namespace=ARGUMENTS)
    print(f"noise of seed {ARGUMENTS.seed}")
    loader = unittest.TestLoader()
    loader.testNamePatterns = [f"*{name}*" for name in ARGUMENTS.names] or None
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(loader.loadTestsFromModule(sys.modules[__name__])).wasSuccessful())


if __name__ == "__main__":
    main()
