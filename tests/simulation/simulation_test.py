#!/usr/bin/env python3
"""The simulator's slice, and its own test: a seed repeats itself, and bugs on purpose are found."""

import os
import random
import subprocess
import sys

# Those that the simulated parts have (runtime/core/mutant.h), and in how many seeds each must show. Two relays at once are
# no fault of order, as Relay says, so lease.held_by_all is not among them.
MUTANTS = {
    "relay.by_last_id": 1500,
    "relay.reads_behind_last": 1500,
    "relay.report_not_read": 200,
    "streams.not_locked": 600,
    "sql.answered_before_commit": 100,
    "outbox.transaction_of_its_own": 1500,
}
SLICE_SECONDS = 20  # of processor


def run(program, *words, mutant=""):
    environment = dict(os.environ, HOLDFAST_MUTANT=mutant)
    return subprocess.run([program, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def seed_repeats_itself(program):
    for seed in ("1", "2", "3"):
        first, second = run(program, "--seed", seed), run(program, "--seed", seed, "--trace")
        if not first.stdout or first.stdout != second.stdout:
            yield f"seed {seed} does not repeat itself:\n{first.stdout}{second.stdout}"
    if run(program, "--seed", "1").stdout.split("trace")[1] == run(program, "--seed", "2").stdout.split("trace")[1]:
        yield "two seeds are one"


def mutants_are_found(program):
    for mutant, seeds in MUTANTS.items():
        # In steps, so that most end after the first.
        for begin in range(1, seeds, 100):
            found = run(program, "--from", str(begin), "--seeds", "100", mutant=mutant)
            # That the program dies of it names no promise.
            named = [line for line in found.stdout.splitlines()[:-2] if not line.endswith("died")]
            if found.returncode == 1 and named:
                print(f"caught {mutant} by {named[0]}", flush=True)
                break
        else:
            yield f"MISSED {mutant} in {seeds} seeds"


def slice_is_clean(program):
    begin = random.randrange(1, 2**40)
    print(f"from seed {begin}", flush=True)
    done = run(program, "--from", str(begin), "--seconds", str(SLICE_SECONDS))
    print(done.stdout, end="", flush=True)
    if done.returncode != 0:
        yield "a promise was not kept"


def main():
    program = sys.argv[1]
    faults = [fault for check in (seed_repeats_itself, mutants_are_found, slice_is_clean) for fault in check(program)]
    for fault in faults:
        print(f"FAILED: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
