"""The private Redis: a cache, so it writes nothing to disk and forgets the oldest when it is full."""

import socket

import process

NAME = "redis"


def start(place, port=None):
    """Without a port it listens on its socket alone, for tests."""
    running = process.running(place.state, NAME)
    if running:
        return running
    folder = place.folder("redis")
    path = place.sockets / "redis"
    command = ["redis-server", "--port", str(port or 0), "--bind", "127.0.0.1", "--unixsocket", str(path)]
    command += ["--save", "", "--appendonly", "no", "--maxmemory", "128mb", "--maxmemory-policy", "allkeys-lru"]
    addresses = {"socket": str(path)}
    if port:
        addresses["tcp"] = f"127.0.0.1:{port}"
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
