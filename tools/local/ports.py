"""Ports: fixed ones for an installation, free ones for tests. Everything binds loopback."""

import errno
import socket

from messages import Refused

LOOPBACK = "127.0.0.1"


def address(port):
    return f"{LOOPBACK}:{port}"


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError as error:
            if error.errno in (errno.EADDRINUSE, errno.EACCES):
                return False
            raise
    return True


def require_free(ports):
    """`ports`: what for -> number."""
    taken = {name: port for name, port in ports.items() if not is_free(port)}
    if taken:
        listed = ", ".join(f"{port} ({name})" for name, port in taken.items())
        raise Refused(
            f"ports that are needed are taken: {listed}",
            f"see who listens with 'ss -ltnp', or choose other ports with --ports N",
        )


def pick_free(count):
    """Held together while picking, so that they differ. Somebody may take one before it is used; then a start fails."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind((LOOPBACK, 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
