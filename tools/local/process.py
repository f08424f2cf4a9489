"""Processes that outlive the command which started them: recorded, recognised again, stopped."""

import json
import os
import pwd
import select
import signal
import subprocess
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from messages import Refused

ROTATE_LOG_BYTES = 16 << 20
ASK_AGAIN_MS = 50


@dataclass(frozen=True)
class Process:
    """A pid alone may come to mean another process; with its start time and the boot it names one for ever."""

    pid: int
    started_ticks: int
    boot: str

    def alive(self):
        return self.boot == _boot() and _started_ticks(self.pid) == self.started_ticks

    def replaced(self):
        """Has its program been built anew since it was started?"""
        try:
            return os.readlink(f"/proc/{self.pid}/exe").endswith(" (deleted)")
        except OSError:
            return False

    def signal(self, number):
        with self._opened() as fd:
            if fd is not None:
                signal.pidfd_send_signal(fd, number)

    def exits_within(self, milliseconds):
        with self._opened() as fd:
            if fd is None:
                return True
            poll = select.poll()
            poll.register(fd, select.POLLIN)
            return bool(poll.poll(milliseconds))

    @contextmanager
    def _opened(self):
        """A pidfd cannot come to mean another process, so it is opened first and compared afterwards."""
        try:
            fd = os.pidfd_open(self.pid)
        except ProcessLookupError:
            yield None
            return
        try:
            yield fd if self.alive() else None
        finally:
            os.close(fd)


def _boot():
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _started_ticks(pid):
    try:
        state, *fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if state in "ZX" else int(fields[18])


@dataclass(frozen=True)
class Record:
    """One process of a state folder, kept in processes/<name>.json."""

    name: str
    process: Process
    addresses: dict

    def alive(self):
        return self.process.alive()


def records(state):
    return {path.stem: _read(path) for path in sorted((state / "processes").glob("*.json"))}


def running(state, name):
    path = state / "processes" / f"{name}.json"
    record = _read(path) if path.exists() else None
    return record if record and record.alive() else None


def forget(state, name):
    (state / "processes" / f"{name}.json").unlink(missing_ok=True)


def _read(path):
    content = json.loads(path.read_text())
    return Record(path.stem, Process(**content["process"]), content["addresses"])


def write_atomically(path, text, mode=0o644):
    """A reader sees the old file or the new one, and a crash leaves one of the two."""
    beside = path.with_name(path.name + ".new")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def start(state, name, command, addresses, account=None, environment=None, directory="/"):
    """Starts `command` in a session of its own, so that Ctrl-C at the terminal reaches only us, and records it."""
    log = log_file(state, name)
    if log.exists() and log.stat().st_size > ROTATE_LOG_BYTES:
        log.replace(log.with_suffix(".log.1"))
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            cwd=directory,
            env=environment if environment is not None else plain_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            **as_account(account),
        )
    child.returncode = 0  # it is meant to outlive us: not for Python to wait for or warn about
    process = Process(child.pid, _started_ticks(child.pid) or 0, _boot())
    record = Record(name, process, addresses)
    content = {"process": asdict(process), "addresses": addresses}
    write_atomically(state / "processes" / f"{name}.json", json.dumps(content, indent=2) + "\n")
    return record


def wait_until_ready(state, record, ready, patience_s):
    """Asks `ready()` again and again; a process that ends or stays silent is refused with the end of its log."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        if ready():
            return
        if record.process.exits_within(ASK_AGAIN_MS):
            raise Refused(
                f"{record.name} ended while starting",
                f"read {log_file(state, record.name)}",
                log_end(state, record.name),
            )
    raise Refused(
        f"{record.name} did not answer within {patience_s} s",
        f"read {log_file(state, record.name)}",
        log_end(state, record.name),
    )


def stop(state, record, first=signal.SIGTERM, patience_s=60, last=signal.SIGKILL):
    """Asks it to end, and insists after `patience_s`: all of them recover from being killed, it only takes longer."""
    for number in (first, last):
        record.process.signal(number)
        if record.process.exits_within(patience_s * 1000):
            forget(state, record.name)
            return
    raise Refused(
        f"{record.name} (process {record.process.pid}) does not end", "look at it with ps; it may be stuck on a disk"
    )


def log_file(state, name):
    return state / "logs" / f"{name}.log"


def log_end(state, name, lines=20):
    log = log_file(state, name)
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:]) if log.exists() else ""


def run(command, account=None, directory="/", name=None, text=""):
    """A short command that has to succeed, given `text` to read; what it says is shown only when it does not."""
    done = subprocess.run(
        command,
        cwd=directory,
        env=plain_environment(),
        input=text,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        **as_account(account),
    )
    if done.returncode != 0:
        raise Refused(f"{name or Path(command[0]).name} failed (exit status {done.returncode})", None, done.stdout)
    return done.stdout


def plain_environment():
    return {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "TZ": "UTC"}


def as_account(account):
    """PostgreSQL refuses to run as root, and the others have no need to."""
    return {} if account is None else {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def server_account():
    """Whom the servers run as: ourselves; as root, the account that Debian's PostgreSQL package made."""
    return pwd.getpwnam("postgres") if os.geteuid() == 0 else None
