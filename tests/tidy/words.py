"""Names and words that stand for work not done, or hide what a thing is."""

import re
from pathlib import PurePosixPath

VAGUE_NAMES = {"common", "util", "utils", "helper", "helpers", "misc", "manager"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
# A test that sleeps is slow or wrong, mostly both.
SLEEP = re.compile(r"\bsleep_(?:for|until)\b|\bu?sleep\(|\btime\.sleep\b")
SYSTEM_TIME = re.compile(r"\bsystem_clock::now\b")
# The system clock is asked in one place and injected everywhere else; gRPC takes its deadlines in system time.
MAY_ASK_THE_TIME = ("services/runtime/core/clock.h", "services/runtime/core/uuid.cpp", "services/runtime/rpc/")
# A statement that answers with whatever columns there are fails in running programs as soon as a migration adds one.
# The outermost SELECT begins its line.
EVERY_COLUMN = re.compile(r"^SELECT (?:\w+\.)?\*|\bRETURNING \*")
# A refusal by a limit, to the end of its statement; no text of it repeats the number. 0 and 1 are where counting begins.
LITERAL = r'"(?:\\.|[^"\\\n])*"'
BY_LIMIT = re.compile(
    rf"Reason::(?:field_too_long|field_out_of_range|limit_reached|\w+_too_large)\b(?:{LITERAL}|[^;\"])*"
)
NUMBER = re.compile(r"\b(?:[2-9]|\d[\d,]*\d)\b")
# Paths of one machine, of which a clone knows nothing.
ELSEWHERE = re.compile(r"\.\./shared\b|(?<![\w.$}\-/])/(?:work|root|home|farm)/")
# These files spell what they forbid.
ITSELF = "tests/tidy/"


def faults(sources):
    for source in sources:
        yield from _name_faults(source.path)
        if source.path.startswith(ITSELF):
            continue
        if source.is_cpp() and not source.is_test():
            for found in BY_LIMIT.finditer(source.text):
                if any(NUMBER.search(literal) for literal in re.findall(LITERAL, found.group())):
                    line = source.text.count("\n", 0, found.start()) + 1
                    yield source.path, line, "repeats the number of a limit: print the constant"
        for number, line in enumerate(source.lines, 1):
            if ELSEWHERE.search(line):
                yield source.path, number, "a path outside the repository"
            if not source.is_code():
                continue
            if UNFINISHED.search(line):
                yield source.path, number, f"'{UNFINISHED.search(line).group()}': finish it, or open an issue"
            if source.is_test() and SLEEP.search(line):
                yield source.path, number, "a test sleeps: wait for what is to happen instead"
            if source.suffix == ".sql" and "/store/" in source.path and EVERY_COLUMN.search(line):
                yield source.path, number, "answers with every column: name those that are read"
            if SYSTEM_TIME.search(line) and not source.path.startswith(MAY_ASK_THE_TIME):
                yield source.path, number, "the system clock is asked: take a Clock"


def _name_faults(path):
    for part in PurePosixPath(path).parts:
        for word in re.split(r"[._\-]", part.lower()):
            if word in VAGUE_NAMES:
                yield path, 1, f"'{word}' in a name: say what it holds"
