"""Installs what is missing, builds, starts Holdfast and its private servers, and says what to try next."""

import argparse
import re
import signal
import subprocess
from pathlib import Path

import installation
import messages
import process
from installation import Installation
from messages import Refused, say
from place import CHECKOUT

WATCH_MS = 1000
HIGHEST_BASE_PORT = 65535 - 60
SAMPLE_BOOK = CHECKOUT / "tests" / "data" / "agency-book" / "book.xlsx"
DEMO_AGENCY = ["Tri-State Telecom Advisors", "--time-zone", "America/New_York", "--staff-name", "Pat", "--staff-email",
               "pat@agency.example"]
COMMAND_LINE = "holdfast-cli"
PARTLY_REJECTED = 1  # the sample book has rows that are at fault, as books have


def parse():
    parser = argparse.ArgumentParser(prog="tools/up", description=__doc__)
    parser.add_argument("--demo", action="store_true", help="import the sample book")
    parser.add_argument("--detach", action="store_true", help="return when ready, instead of waiting for Ctrl-C")
    parser.add_argument("--apart", action="store_true", help="one process a service, instead of one for all")
    parser.add_argument(
        "--clock", type=_instant, metavar="INSTANT", help="where the business clock starts: 2026-01-05T09:00:00Z"
    )
    parser.add_argument(
        "--state", type=Path, default=CHECKOUT / "var", metavar="DIR", help="where everything is kept (var/)"
    )
    parser.add_argument("--preset", default="release", help="which build to start (release); tests start their own")
    parser.add_argument("--ports", type=_base_port, default=7400, metavar="N", help="the base port (7400)")
    return parser.parse_args()


def _instant(text):
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", text):
        raise argparse.ArgumentTypeError(f"'{text}' is no instant in UTC such as 2026-01-05T09:00:00Z")
    return text


def _base_port(text):
    if not text.isdecimal() or not 1024 <= int(text) <= HIGHEST_BASE_PORT:
        raise argparse.ArgumentTypeError(f"'{text}' is no port from 1024 to {HIGHEST_BASE_PORT}")
    return int(text)


def build(preset, wanted):
    """What is started and the command line: neither tests nor measurements."""
    say(f"building (preset {preset})")
    targets = [*(program.name for program in wanted.programs().values()), COMMAND_LINE]
    if subprocess.run(["tools/build", preset, *targets], cwd=CHECKOUT).returncode != 0:
        raise Refused("nothing was started", "mend the build; what already ran still runs")


def start(wanted):
    """Harmless when everything runs. A start that fails leaves what did start; `tools/down` stops it."""
    with wanted.place.locked("up"):
        wanted.refuse_other_shape()
        wanted.start_servers()
        wanted.start_services()
        return wanted.describe()


def import_demo(state):
    """Into the agency whose key is kept here; one is made where there is none. Repeated, it changes nothing."""
    holdfast = [CHECKOUT / "tools" / "holdfast", "--state", state]
    if not (state / "keys" / "agency.key").exists():
        say("making an agency for the sample book")
        made = subprocess.run(
            [*holdfast, "agencies", "create", *DEMO_AGENCY], stdout=subprocess.DEVNULL
        )
        if made.returncode != 0:
            raise Refused("no agency was made for the sample book", "Holdfast itself runs; see above")
    say("importing the sample book")
    imported = subprocess.run([*holdfast, "import", SAMPLE_BOOK, "--rejects", state / "demo.rejects.csv"])
    if imported.returncode not in (0, PARTLY_REJECTED):
        raise Refused("the sample book was not imported", "Holdfast itself runs; see above")


def show(description, state, *, demo):
    addresses = description["addresses"]
    one = "one process a service" if description["apart"] else "all services in one process"
    say(f"version {description['version']} is ready, {one}")
    rows = {
        "gRPC": ", ".join(dict.fromkeys(addresses["grpc"].values())),
        "metrics, health": ", ".join(addresses["admin"].values()),
        "Kafka": addresses["kafka"],
        "PostgreSQL": addresses["postgres"],
        "Redis": addresses["redis"],
        "logs": state / "logs",
    }
    for name, value in rows.items():
        print(f"  {name:17} {value}")
    print("Try next:")
    if demo:
        flag = _state_flag(state)
        print(f"  tools/holdfast deadlines --within 90d{flag}")
        print(f"  tools/holdfast import {SAMPLE_BOOK.relative_to(CHECKOUT)}{flag}    # again: nothing changes")
    print(f"  curl {next(iter(addresses['admin'].values()))}/readyz")
    print(f"  kcat -b {addresses['kafka']} -L")
    print(f"  tools/down{_state_flag(state)}", flush=True)


def _state_flag(state):
    return "" if state == CHECKOUT / "var" else f" --state {state}"


def stay(wanted):
    """Until Ctrl-C, which stops everything; or until somebody else does; or until a process ends by itself."""
    place = wanted.place
    say("Ctrl-C stops it; --detach would have returned here")
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    try:
        while True:
            watched = process.records(place.state)
            if any(record.process.exits_within(WATCH_MS // max(1, len(watched))) for record in watched.values()):
                # It may be `tools/down`, or another `tools/up` that replaces a service: wait until they are done.
                with place.locked("up"):
                    ended = [name for name, record in process.records(place.state).items() if not record.alive()]
                    if not process.records(place.state):
                        say("stopped by tools/down")
                        return 0
                if ended:
                    messages.refuse(
                        Refused(f"{ended[0]} ended by itself", None, process.log_end(place.state, ended[0]))
                    )
                    _stop(place)
                    return 1
    except KeyboardInterrupt:
        _stop(place)
        return 0


def _stop(place):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C would leave half of it running
    with place.locked("up"):
        say("stopping")
        installation.stop(place)


def main():
    arguments = parse()
    wanted = Installation(
        arguments.state, arguments.ports, apart=arguments.apart, clock=arguments.clock, preset=arguments.preset
    )
    build(arguments.preset, wanted)
    before = installation.read_description(wanted.state)
    description = start(wanted)
    if arguments.demo:
        import_demo(wanted.state)
    show(description, wanted.state, demo=arguments.demo)
    if arguments.detach:
        return 0
    if before is not None and before["processes"] == description["processes"]:
        say("it was already running; tools/down stops it")
        return 0
    return stay(wanted)


if __name__ == "__main__":
    messages.main(main)
