"""What the commands say: progress on a terminal, little in a pipe, and a next step with every refusal."""

import os
import sys
import time


class Refused(Exception):
    """Something that the person at the terminal has to know, with what to do about it."""

    def __init__(self, message, next_step=None, log_end=None):
        super().__init__(message)
        self.next_step = next_step
        self.log_end = log_end


def say(text=""):
    print(f"holdfast: {text}" if text else "", flush=True)


def refuse(refusal):
    if refusal.log_end:
        print(refusal.log_end.rstrip(), file=sys.stderr)
    print(f"holdfast: {refusal}", file=sys.stderr)
    if refusal.next_step:
        print(f"holdfast: next: {refusal.next_step}", file=sys.stderr)


def main(body):
    """Runs a command's body; its result is the exit status: 0 done, 1 refused, 2 wrong usage (argparse's own)."""
    try:
        sys.exit(body() or 0)
    except Refused as refusal:
        refuse(refusal)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader left; Python would complain at exit
        sys.exit(1)
    except OSError as error:
        refuse(Refused(str(error), "free some space" if error.errno == 28 else None))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


class Progress:
    """One line that a terminal sees change; nothing in a pipe."""

    def __init__(self, text):
        self._text = text
        self._terminal = sys.stdout.isatty()
        self._began = time.monotonic()

    def __enter__(self):
        if self._terminal:
            print(f"holdfast: {self._text} …", end="", flush=True)
        return self

    def __exit__(self, kind, error, trace):
        if self._terminal:
            end = f"{time.monotonic() - self._began:.1f} s" if kind is None else "failed"
            print(f"\rholdfast: {self._text} … {end}", flush=True)
