"""Names of SQL statements: those of one folder become constants of one namespace, one header a file."""

import posixpath
import re

NAME = re.compile(r"^-- name: (\w+)\s*$")


def faults(sources):
    """Two headers may define a constant twice unseen, until some file includes both."""
    first = {}
    for source in sources:
        if source.suffix != ".sql":
            continue
        for number, line in enumerate(source.lines, 1):
            found = NAME.match(line)
            if not found:
                continue
            there = first.setdefault((posixpath.dirname(source.path), found[1]), source.path)
            if there != source.path:
                yield source.path, number, f"a statement '{found[1]}' stands in {there} as well"
