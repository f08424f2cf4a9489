"""Tests that run beside each other share what they fetch: one fetches it, the others wait."""

import contextlib
import fcntl


@contextlib.contextmanager
def alone(file):
    """Until the end of the block nobody else is in one with this file, which is made if need be."""
    with open(file, "ab") as locked:
        fcntl.flock(locked, fcntl.LOCK_EX)
        yield
