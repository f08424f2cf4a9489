"""The private PostgreSQL: a cluster of our own, reached by unix socket as its superuser and by TCP with passwords."""

import os
import shutil
import signal
import subprocess

import process
from messages import Refused

BINARIES = "/usr/lib/postgresql/15/bin"
SUPERUSER = "postgres"
NAME = "postgres"

# Tests make and drop hundreds of databases and survive no crash anyway.
DISPOSABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}
# Five pools of connections, and room for the people and programs that look on.
DURABLE = {"max_connections": "200", "max_wal_size": "2GB"}

TRUST_THE_SOCKET = """\
# The socket lies in a folder that only the servers' account enters; by TCP everybody shows a password.
local all all trust
host all all 127.0.0.1/32 scram-sha-256
"""


def start(place, port=None, durable=None, settings=None):
    """Without a port it listens on its socket alone, for tests; then it is not durable unless that is asked for."""
    durable = bool(port) if durable is None else durable
    running = process.running(place.state, NAME)
    if running:
        return running
    data = place.folder("postgres")
    if not (data / "holdfast.initialised").exists():
        _initialise(place, data)
    (data / "pg_hba.conf").write_text(TRUST_THE_SOCKET)
    _remove_stale_locks(place, data)
    socket_port = port or 5432
    chosen = {
        "listen_addresses": "127.0.0.1" if port else "",
        "port": str(socket_port),
        "unix_socket_directories": f'"{place.sockets}"',
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_line_prefix": "%m [%p] %q%u@%d ",
        **(DURABLE if durable else DISPOSABLE),
        **(settings or {}),
    }
    command = [f"{BINARIES}/postgres", "-D", str(data)]
    for name, value in chosen.items():
        command += ["-c", f"{name}={value}"]
    addresses = {"superuser": f"host={place.sockets} port={socket_port} user={SUPERUSER}"}
    if port:
        addresses["tcp"] = f"127.0.0.1:{port}"
    record = process.start(place.state, NAME, command, addresses, account=place.account, directory=data)
    process.wait_until_ready(place.state, record, lambda: _answers(record), patience_s=120)
    return record


def stop(place):
    record = process.running(place.state, NAME)
    if record:
        # Fast shutdown: open transactions are rolled back. SIGQUIT ends without a checkpoint; the log brings all back.
        process.stop(place.state, record, first=signal.SIGINT, last=signal.SIGQUIT)


def script(record, text):
    """As the superuser, by psql. It goes by standard input: it may hold passwords, and arguments are for all to see."""
    process.run(
        [
            f"{BINARIES}/psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            f"{record.addresses['superuser']} dbname=postgres",
        ],
        text=text,
    )


def _initialise(place, data):
    """A cluster that was begun and not finished is begun again: the mark is set last."""
    for left in data.iterdir():
        shutil.rmtree(left) if left.is_dir() else left.unlink()
    process.run(
        [
            f"{BINARIES}/initdb",
            "-D",
            str(data),
            "-U",
            SUPERUSER,
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-instructions",
        ]
        + (["--no-sync"] if place.disposable else []),
        account=place.account,
    )
    (data / "holdfast.initialised").touch()


def _remove_stale_locks(place, data):
    """After a crash they name a process that may be somebody else by now, and PostgreSQL would not start."""
    lock = data / "postmaster.pid"
    if lock.exists():
        pid = int(lock.read_text().split("\n")[0] or 0)
        try:
            runs_here = os.readlink(f"/proc/{pid}/cwd") == str(data)
        except OSError:
            runs_here = False
        if runs_here:
            raise Refused(f"a PostgreSQL that no command recorded runs in {data}", f"stop it: kill -INT {pid}")
        lock.unlink()
    for left in place.sockets.glob(".s.PGSQL.*"):
        left.unlink()


def _answers(record):
    question = [
        f"{BINARIES}/psql",
        "-X",
        "-d",
        f"{record.addresses['superuser']} dbname=postgres connect_timeout=5",
        "-c",
        "SELECT 1",
    ]
    return subprocess.run(question, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
