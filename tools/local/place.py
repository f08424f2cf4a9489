"""Where an installation keeps its things: the folders under var/, or under build/… for tests."""

import fcntl
import hashlib
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import process
from messages import Refused, say

CHECKOUT = Path(__file__).resolve().parents[2]
KAFKA_JARS = CHECKOUT / ".cache" / "kafka" / "libs"
LONGEST_SOCKET_PATH = 107 - len("/.s.PGSQL.65535")


class Place:
    """
    state/logs         what each process said          state/processes   who runs, a file each
    state/keys         secrets made at the first start state/servers     the servers' data, owned by their account

    As root the servers run as another account. Where that account cannot reach the state folder – a checkout below
    root's own home – state/servers is a link to a folder under /var/lib/holdfast.
    """

    def __init__(self, state, disposable=False):
        self.state = Path(state).resolve()
        self.disposable = disposable  # nothing in it has to survive a crash
        self.account = process.server_account()
        self.servers = self.state / "servers"

    def prepare(self):
        with self.locked("place"):
            for folder in (self.state / "logs", self.state / "processes"):
                folder.mkdir(parents=True, exist_ok=True)
            if not self.servers.exists():
                self._make_servers()
            self.sockets.mkdir(mode=0o700, exist_ok=True)
            self._own(self.sockets)
        if self.sockets.stat().st_uid != self._owner():
            raise Refused(f"{self.sockets} belongs to somebody else", "use another --state")

    def folder(self, name):
        """A folder of one server's own."""
        folder = self.servers.resolve() / name
        folder.mkdir(mode=0o700, exist_ok=True)
        self._own(folder)
        return folder

    def reachable_jars(self):
        if self._reaches(KAFKA_JARS):
            return KAFKA_JARS
        copy = self.servers.resolve() / "jars"
        if not copy.exists():
            unfinished = copy.with_suffix(".new")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(KAFKA_JARS, unfinished)
            unfinished.rename(copy)
        return copy

    @property
    def sockets(self):
        """Unix sockets have short paths: from a deep checkout they move to /tmp, still a folder nobody else enters."""
        inside = self.servers.resolve() / "sockets"
        return inside if len(str(inside)) <= LONGEST_SOCKET_PATH else Path("/tmp") / f"holdfast-{self._fingerprint()}"

    def secret_file(self, name, make):
        """A secret made at the first start and kept: losing keys/ means losing what was encrypted with them."""
        keys = self.state / "keys"
        keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = keys / name
        if not path.exists():
            process.write_atomically(path, make(), mode=0o600)
        return path

    @contextmanager
    def locked(self, what):
        """One command at a time changes `what`; the next one waits for it."""
        self.state.mkdir(parents=True, exist_ok=True)
        with open(self.state / f"{what}.lock", "w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say(f"waiting for another command that is at work on {self.state}")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def forget_servers(self):
        """Removes what the servers keep, once none of them runs; logs and keys stay."""
        with self.locked("place"):
            if any(record.alive() for record in process.records(self.state).values()):
                return
            shutil.rmtree(self.sockets, ignore_errors=True)
            shutil.rmtree(self.servers.resolve(), ignore_errors=True)
            if self.servers.is_symlink():
                self.servers.unlink()

    def _make_servers(self):
        if self.account is not None and not self._reaches(self.state):
            elsewhere = Path("/var/lib/holdfast") / self._fingerprint()
            elsewhere.mkdir(parents=True, exist_ok=True)
            self.servers.unlink(missing_ok=True)
            self.servers.symlink_to(elsewhere)
        self.servers.mkdir(exist_ok=True)
        self._own(self.servers.resolve())

    def _reaches(self, path):
        if self.account is None:
            return True
        return (
            subprocess.run(
                ["test", "-r", path, "-a", "-x", path], cwd="/", **process.as_account(self.account)
            ).returncode
            == 0
        )

    def _own(self, path):
        if self.account is not None:
            os.chown(path, self.account.pw_uid, self.account.pw_gid)

    def _owner(self):
        return os.geteuid() if self.account is None else self.account.pw_uid

    def _fingerprint(self):
        return hashlib.sha256(str(self.state).encode()).hexdigest()[:12]
