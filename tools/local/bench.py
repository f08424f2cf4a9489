"""Measures Holdfast's parts beside the barest thing that does the same, in turn in one run; see docs/performance.md."""

import argparse
import functools
import json
import os
import statistics
import subprocess

import growth_picture
import installation
import messages
import recorded
import servers
from bench_book import measure_book
from bench_hanging import measure_hanging
from bench_import import measure_import
from bench_start import measure_start
from bench_webhooks import measure_webhooks
from installation import Installation
from messages import Refused, say
from place import CHECKOUT, Place

GROUPS = ("rpc", "instructions", "metrics", "lookup", "cache", "outbox", "relay", "delivery", "timers", "overload", "growth",
          "absences", "start", "import", "book", "hanging", "webhooks")
# Measured from outside, on an installation of their own.
FROM_OUTSIDE = ("start", "import", "book", "hanging", "webhooks")
ROW = "{:<24} {:>9} {:<14} {:<9} {:<4} {:>8} {:>9}  {}"
FULL = {"rounds": 3, "timers": 1_000_000, "events": 100_000, "rows": 100_000, "contracts": 100_000}
# Enough to see that everything can still be measured, and about what it gives.
SHORT = {"rounds": 1, "timers": 100_000, "events": 20_000, "rows": 2_000, "contracts": 5_000}


def parse():
    parser = argparse.ArgumentParser(prog="tools/bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", choices=[*GROUPS, []], help=f"only these: {' '.join(GROUPS)}")
    parser.add_argument("--json", action="store_true", help="a line of JSON a measure")
    parser.add_argument("--short", action="store_true", help="one round of small sizes, for a look")
    parser.add_argument("--record", action="store_true", help="write the figures into docs/performance.md and .json")
    parser.add_argument("--rounds", type=int, metavar="N", help="of A and B in turn (3)")
    parser.add_argument("--timers", type=int, metavar="N", help="how many there are (1,000,000)")
    parser.add_argument("--events", type=int, metavar="N", help="in the outbox that is relayed (100,000)")
    parser.add_argument("--rows", type=int, metavar="N", help="of an imported book; one that grows ends with 10 N (100,000)")
    parser.add_argument("--contracts", type=int, metavar="N", help="that growth begins with; it ends with 100 N (100,000)")
    parser.add_argument("--ports", type=int, default=7500, metavar="N", help="the base port for start and import (7500)")
    parser.add_argument("--preset", default="release", help="the build that is measured (release)")
    arguments = parser.parse_args()
    if arguments.record and arguments.preset != "release":
        parser.error("only the release preset is recorded: it is what runs in production")
    if arguments.short and arguments.record:
        parser.error("a short run is not recorded: its sizes are not those that the page states")
    for name, size in (SHORT if arguments.short else FULL).items():
        if getattr(arguments, name) is None:
            setattr(arguments, name, size)
    return arguments


class Report:
    """A row of a table, or a line of JSON, as soon as a measure is known; beside it what docs/performance.md states."""

    def __init__(self, as_json):
        self._as_json = as_json
        self._recorded = recorded.load()
        self.measures = []
        if not as_json:
            print(ROW.format("MEASURE", "VALUE", "UNIT", "GOAL", "MET", "SPREAD", "RECORDED", "BESIDE"), flush=True)

    def add(self, measure):
        self.measures.append(measure)
        if self._as_json:
            print(json.dumps(measure, ensure_ascii=False), flush=True)
            return
        value, spread = (recorded.shown(measure[name]) for name in ("value", "spread"))
        before = self._recorded.get(measure["name"])
        before = recorded.shown(before["value"]) if before else ""
        row = (measure["name"], value, measure["unit"], measure["goal"] or "", recorded.met(measure), spread, before,
               measure["baseline"])
        print(ROW.format(*row), flush=True)

    def add_median(self, name, values, unit, limit, beside):
        """Of what the rounds brought; the goal is at most `limit`, or there is none."""
        value = statistics.median(values)
        self.add({
            "name": name,
            "value": value,
            "unit": unit,
            "goal": limit and f"<= {limit}",
            "met": limit and value <= limit,
            "spread": max(values) - min(values),
            "baseline": beside,
        })


def build(preset):
    say(f"building (preset {preset})")
    targets = ["holdfast-bench", "holdfast", "holdfast-cli", *(f"holdfast-{service}" for service in installation.SERVICES)]
    if subprocess.run(["tools/build", preset, *targets], cwd=CHECKOUT).returncode != 0:
        raise Refused("nothing was measured", "mend the build")


def measure_program(report, program, state, arguments, groups):
    """What holdfast-bench measures, with servers of its own."""
    place = Place(state, disposable=True)
    try:
        servers.start(place, servers.NAMES, durable=True)
        options = ["--rounds", arguments.rounds, "--timers", arguments.timers, "--events", arguments.events,
                   "--contracts", arguments.contracts]
        command = [program, *groups, *map(str, options)]
        environment = {**os.environ, **servers.environment(place)}
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as measuring:
            for line in measuring.stdout:
                report.add(json.loads(line))
        if measuring.returncode != 0:
            raise Refused("not everything was measured", None)
    finally:
        servers.stop(place, servers.NAMES)


def main():
    arguments = parse()
    build(arguments.preset)
    built = CHECKOUT / "build" / arguments.preset
    state = built / "bench"
    new_installation = functools.partial(Installation, base_port=arguments.ports, preset=arguments.preset)
    rounds, short = arguments.rounds, arguments.short
    groups = arguments.names or GROUPS
    of_program = [name for name in groups if name not in FROM_OUTSIDE]
    report = Report(arguments.json)
    if of_program:
        measure_program(report, built / "services" / "bench" / "holdfast-bench", state / "servers", arguments, of_program)
    if "start" in groups:
        measure_start(report, new_installation, state / "installation")
    if "import" in groups:
        measure_import(report, new_installation, state / "import", arguments.rows, rounds)
    if "book" in groups:
        measure_book(report, new_installation, state / "book", arguments.rows // 10, rounds)
    if "hanging" in groups:
        measure_hanging(report, new_installation, state / "hanging", rounds, 40 if short else 200)
    if "webhooks" in groups:
        measure_webhooks(report, new_installation, state / "webhooks", rounds, 50 if short else 300)
    if arguments.record:
        recorded.record(report.measures)
        growth_picture.draw(recorded.load())
        say(f"recorded {len(report.measures)} figures in docs/performance.md")


if __name__ == "__main__":
    messages.main(main)
