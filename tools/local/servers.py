"""tools/servers: the PostgreSQL, Redis and Kafka that tests use. They are disposable; `tools/up` has its own."""

import argparse
import os
import shlex
import sys
from contextlib import ExitStack
from pathlib import Path

import kafka
import messages
import postgres
import ports
import process
import redis
from messages import Refused
from place import CHECKOUT, Place

NAMES = ("postgres", "redis", "kafka")


def start(place, names, durable=False):
    for name in names:
        with place.locked(name):
            place.prepare()
            if name == "postgres":
                postgres.start(place, durable=durable)
            elif name == "redis":
                redis.start(place)
            else:
                kafka.start(place, *ports.pick_free(3), compile_fully=durable)


def stop(place, names):
    for name in names:
        with place.locked(name):
            {"postgres": postgres, "redis": redis, "kafka": kafka}[name].stop(place)
    with ExitStack() as nobody_starts:
        for name in NAMES:
            nobody_starts.enter_context(place.locked(name))
        place.forget_servers()


def environment(place):
    """What tests read: the addresses of the servers that run."""
    running = {name: process.running(place.state, name) for name in NAMES}
    variables = {}
    if running["postgres"]:
        variables["HOLDFAST_TEST_POSTGRES"] = running["postgres"].addresses["superuser"]
    if running["redis"]:
        variables["HOLDFAST_TEST_REDIS"] = running["redis"].addresses["socket"]
    if running["kafka"]:
        variables["HOLDFAST_TEST_KAFKA"] = running["kafka"].addresses["tcp"]
        variables["HOLDFAST_TEST_KAFKA_GUARDED"] = running["kafka"].addresses["guarded"]
        variables["HOLDFAST_TEST_KAFKA_AUTHORITIES"] = running["kafka"].addresses["authorities"]
    return variables


def require_running(place, names):
    missing = [name for name in names if not process.running(place.state, name)]
    if missing:
        raise Refused(
            f"this test needs {' and '.join(missing)}, and {place.state} has none running",
            f"tools/servers start --state {shlex.quote(str(place.state))} {' '.join(missing)}",
        )


def parse():
    parser = argparse.ArgumentParser(prog="tools/servers", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)
    for verb, help_text in (
        ("start", "start those named, or all; harmless when they run"),
        ("stop", "stop those named, or all, and forget their data"),
        ("env", 'print the variables tests read, for: eval "$(tools/servers env)"'),
        ("run", "run a command with these variables: run postgres -- COMMAND"),
    ):
        sub = verbs.add_parser(verb, help=help_text)
        sub.add_argument("--state", type=Path, default=CHECKOUT / "build" / "dev" / "servers", metavar="DIR")
        sub.add_argument("--durable", action="store_true", help="PostgreSQL's commits survive a crash, and Java compiles fully: to measure")
        sub.add_argument("names", nargs="*", choices=[*NAMES, []], metavar="postgres|redis|kafka")
    command = []
    arguments = sys.argv[1:]
    if "--" in arguments:
        split = arguments.index("--")
        arguments, command = arguments[:split], arguments[split + 1 :]
    parsed = parser.parse_args(arguments)
    if (parsed.verb == "run") != bool(command):
        parser.error("run takes '-- COMMAND'")
    return parsed, command


def main():
    arguments, command = parse()
    place = Place(arguments.state, disposable=True)
    names = arguments.names or NAMES
    if arguments.verb == "start":
        start(place, names, arguments.durable)
    elif arguments.verb == "stop":
        stop(place, names)
    elif arguments.verb == "env":
        for variable, value in environment(place).items():
            print(f"export {variable}={shlex.quote(value)}")
    else:
        require_running(place, names)
        os.execvpe(command[0], command, {**os.environ, **environment(place)})


if __name__ == "__main__":
    messages.main(main)
