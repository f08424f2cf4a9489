"""The private Redis: a cache, so it writes nothing to disk and forgets the oldest when it is full."""

import socket

import process

NAME = "redis"


CONFIGURATION = """\
bind 127.0.0.1
port {port}
unixsocket "{socket}"
save ""
appendonly no
maxmemory 128mb
maxmemory-policy allkeys-lru
"""


def start(place, port=None):
    """Without a port it listens on its socket alone, for tests."""
    running = process.running(place.state, NAME)
    if running:
        return running
    folder = place.folder("redis")
    path = place.sockets / "redis"
    (folder / "redis.conf").write_text(CONFIGURATION.format(port=port or 0, socket=path))
    addresses = {"socket": str(path)}
    if port:
        addresses["tcp"] = f"127.0.0.1:{port}"
    command = ["redis-server", str(folder / "redis.conf")]
    record = process.start(place.state, NAME, command, addresses, account=place.account, directory=folder)
    process.wait_until_ready(place.state, record, lambda: _answers(path), patience_s=30)
    return record


def stop(place):
    record = process.running(place.state, NAME)
    if record:
        process.stop(place.state, record)


def _answers(path):
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(path))
            connection.sendall(b"PING\r\n")
            return connection.recv(64).startswith(b"+PONG")
    except OSError:
        return False
