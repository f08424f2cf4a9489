#!/usr/bin/python3
"""tidy.py ROOT BUILD: the rules that our own sources keep, beyond what the compiler checks. A fault is a line."""

import sys
from pathlib import Path

import formats
import lengths
import links
import rooms
import sources
import statements
import tries
import unused
import words


def all_faults(root, build):
    read = sources.read(root)
    yield from rooms.faults(read)
    yield from lengths.faults(read)
    yield from words.faults(read)
    yield from statements.faults(read)
    yield from tries.faults(read)
    yield from links.faults(root, read)
    yield from unused.faults(root, build, read)
    yield from formats.faults(root, read)


def main():
    root, build = (Path(argument).resolve() for argument in sys.argv[1:])
    found = sorted(set(all_faults(root, build)))
    for path, line, fault in found:
        print(f"{path}:{line}: {fault}")
    print(f"{len(found)} faults" if found else "tidy")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
