"""The installation under attack: a process a service, some twice, proxies in between, what dies started again."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from fault_proxy import Proxies

CHECKOUT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tools" / "local"))
import installation as local  # noqa: E402
import messages  # noqa: E402
import ports  # noqa: E402
import process  # noqa: E402
from databases import Databases  # noqa: E402

SERVICES = local.SERVICES
SERVERS = ("postgres", "redis", "kafka")
TWICE = ("tickets", "notifications")
BEGINS = "2026-12-01T15:00:00Z"
# Room for four databases and the log of a run, and for what a fault brings with it; filled up by the fault `disk`.
DISK_MIB = 400
DISK_MIB_A_FAULT = 0.25
SMALL_LOG = {"max_wal_size": "64MB", "min_wal_size": "32MB"}
FIRST_BASE_PORT = 19450
LOOK_AGAIN_S = 0.2
START_AGAIN_S = 0.5


class Stack:
    def __init__(self, build, preset, seed=0, environment=None, small_disk=False, faults=0):
        self.state = Path(build).resolve() / "history"
        self.databases = Databases(self.state)
        self.proxies = Proxies(seed)
        self.programs = (*local.SERVICES, *(f"{service}-2" for service in TWICE))
        self.small_disk = small_disk
        self._disk_mib = DISK_MIB + round(DISK_MIB_A_FAULT * faults)
        base = local.free_base_port(FIRST_BASE_PORT)
        numbers = local.Numbers(base)
        targets = {"postgres": numbers.postgres, "redis": numbers.redis, "kafka": numbers.kafka}
        targets |= {name: numbers.grpc_of(name, apart=True) for name in self.programs}
        ways = {name: self.proxies.open(name, port).port for name, port in targets.items()}
        os.environ.update(environment or {})
        self.clear()
        self.installation = local.Installation(
            self.state, base, apart=True, clock=BEGINS, preset=preset, twice=TWICE, ways=ways
        )
        self.installation.postgres_settings = SMALL_LOG if small_disk else {}
        self.addresses = {name: ports.address(port) for name, port in ways.items()}
        self._held = set()
        self._stopping = threading.Event()
        self._supervisors = []

    def clear(self):
        """What a run that was killed has left."""
        place = local.Place(self.state)
        if (self.state / "processes").exists():
            local.stop(place)
        self._unmount()
        with contextlib.suppress(FileNotFoundError):
            place.forget_servers()
            shutil.rmtree(self.state)

    def up(self):
        place = self.installation.place
        place.prepare()
        if self.small_disk:
            self.small_disk = self._mount(place.folder("postgres"))
        self.installation.start_servers()
        self.installation.start_services()
        self.installation.describe()
        told = self.holdfast(
            "agencies",
            "create",
            "History",
            "--time-zone",
            "America/New_York",
            "--staff-name",
            "Pat",
            "--staff-email",
            "pat@agency.example",
        )
        self.key = (self.state / "keys" / "agency.key").read_text().strip()
        self.agency, self.staff = told[0]["agency"]["id"], told[0]["staff"]["id"]
        for name in (*SERVERS, *self.programs):
            thread = threading.Thread(target=self._supervise, args=(name,), name=f"supervisor of {name}", daemon=True)
            thread.start()
            self._supervisors.append(thread)

    def down(self, wipe=True):
        self._stopping.set()
        for thread in self._supervisors:
            thread.join(timeout=150)
        for name in (*SERVERS, *self.programs):
            self.signal(name, signal.SIGCONT)
        for name in self.programs:
            self.signal(name, signal.SIGKILL)  # how they end when they are asked to is among the faults
        local.stop(self.installation.place)
        self.proxies.close()
        if wipe:
            self._unmount()
            self.installation.place.forget_servers()
            shutil.rmtree(self.state / "servers", ignore_errors=True)

    def holdfast(self, *arguments, expect=0, timeout_s=120):
        """The command line, its answers as JSON documents."""
        command = [CHECKOUT / "tools" / "holdfast", "--state", self.state, *arguments, "--json"]
        done = subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=timeout_s)
        if done.returncode != expect:
            raise RuntimeError(f"{arguments} ended with {done.returncode}: {done.stderr[-2000:]}")
        return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]

    def signal(self, name, number):
        record = process.running(self.state, name)
        if record:
            record.process.signal(number)
        return record is not None

    def ready(self, name):
        return name in SERVERS or self.installation.is_ready(name)

    def runs(self, name):
        return process.running(self.state, name) is not None

    @contextlib.contextmanager
    def kept_down(self, name):
        """While this lasts nobody starts it again."""
        self._held.add(name)
        try:
            yield
        finally:
            self._held.discard(name)

    def fill_disk(self):
        """PostgreSQL's disk has no room left, until `free_disk`."""
        folder = self.installation.place.folder("postgres")
        with contextlib.suppress(OSError), open(folder / "filler", "wb") as filler:
            while True:
                filler.write(b"\0" * 65536)

    def free_disk(self):
        (self.installation.place.folder("postgres") / "filler").unlink(missing_ok=True)

    def _supervise(self, name):
        """As an operator's system does: what has ended is started again, however it ended."""
        while not self._stopping.wait(LOOK_AGAIN_S):
            if self.runs(name) or name in self._held:
                continue
            self._bury(name)
            try:
                if name in SERVERS:
                    self.installation.start_server(name)
                else:
                    self.installation.start_service(name)
            except (messages.Refused, OSError, subprocess.SubprocessError):
                pass  # its children still end, or its disk is full: the next look starts it
            self._stopping.wait(START_AGAIN_S)

    def _bury(self, name):
        path = self.state / "processes" / f"{name}.json"
        with contextlib.suppress(OSError, ValueError):
            os.waitpid(json.loads(path.read_text())["process"]["pid"], os.WNOHANG)

    def _mount(self, folder):
        options = f"size={self._disk_mib}m,mode=0700,uid={folder.stat().st_uid},gid={folder.stat().st_gid}"
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "holdfast-history", str(folder)], capture_output=True, text=True
        )
        return done.returncode == 0

    def _unmount(self):
        for line in Path("/proc/mounts").read_text().splitlines():
            device, folder = line.split()[:2]
            if device == "holdfast-history" and folder.startswith((str(self.state), "/var/lib/holdfast/")):
                subprocess.run(["umount", folder], capture_output=True)


def wait_until(found, patience_s, what):
    """What `found()` gives once it gives something; servers that are away meanwhile are waited for."""
    give_up_at = time.monotonic() + patience_s
    while True:
        with contextlib.suppress(OSError):
            if result := found():
                return result
        if time.monotonic() > give_up_at:
            raise TimeoutError(what)
        threading.Event().wait(LOOK_AGAIN_S)
