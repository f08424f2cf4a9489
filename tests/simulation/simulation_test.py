#!/usr/bin/env python3
"""The simulator's slice, and its own test: a seed repeats itself, and bugs on purpose are found."""

import os
import random
import subprocess
import sys

# Those that the simulated parts have (runtime/core/mutant.h), where they show, and in how many seeds. Two relays at once
# are no fault of order, as Relay says, so lease.held_by_all is not among them.
MUTANTS = {
    ("relay", "relay.by_last_id"): 1500,
    ("relay", "relay.reads_behind_last"): 1500,
    ("relay", "relay.report_not_read"): 200,
    ("relay", "streams.not_locked"): 600,
    ("relay", "sql.answered_before_commit"): 100,
    ("relay", "outbox.transaction_of_its_own"): 1500,
    ("consumer", "consumer.offset_too_early"): 200,
    ("consumer", "consumer.poison_passed_over"): 100,
    ("consumer", "inbox.transaction_of_its_own"): 100,
    ("timers", "timers.claimed_by_all"): 100,
    ("timers", "timers.given_up"): 100,
    ("contracts", "timers.given_up"): 8,
    ("cache", "cache.filled_unfenced"): 20,
    ("cache", "cache.dropped_before_commit"): 20,
    ("webhooks", "webhooks.any_answer_will_do"): 20,
    ("webhooks", "webhooks.retries_overtaken"): 20,
}
SLICE_SECONDS = {"relay": 10, "consumer": 10, "timers": 10, "contracts": 10, "cache": 10, "webhooks": 10}  # of processor; a seed at least


def run(program, scenario, *words, mutant=""):
    environment = dict(os.environ, HOLDFAST_MUTANT=mutant)
    return subprocess.run([program, "--scenario", scenario, *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def seed_repeats_itself(program):
    for scenario in ("relay", "consumer", "timers", "cache", "webhooks"):
        for seed in ("1", "2", "3"):
            first, second = (run(program, scenario, "--seed", seed, *words) for words in ((), ("--trace",)))
            if not first.stdout or first.stdout != second.stdout:
                yield f"{scenario}: seed {seed} does not repeat itself:\n{first.stdout}{second.stdout}"
        one, two = (run(program, scenario, "--seed", seed).stdout.split("trace")[1] for seed in ("1", "2"))
        if one == two:
            yield f"{scenario}: two seeds are one"


def mutants_are_found(program):
    for (scenario, mutant), seeds in MUTANTS.items():
        # In steps, so that most end after the first.
        step = min(seeds, 100) if scenario != "contracts" else 1
        for begin in range(1, seeds + 1, step):
            found = run(program, scenario, "--from", str(begin), "--seeds", str(step), mutant=mutant)
            # That the program dies of it names no promise.
            named = [line for line in found.stdout.splitlines()[:-2] if not line.endswith("died")]
            if found.returncode == 1 and named:
                print(f"caught {mutant} by {scenario}, {named[0]}", flush=True)
                break
        else:
            yield f"MISSED {mutant} by {scenario} in {seeds} seeds"


def slice_is_clean(program):
    for scenario, seconds in SLICE_SECONDS.items():
        begin = random.randrange(1, 2**40)
        print(f"{scenario} from seed {begin}", flush=True)
        done = run(program, scenario, "--from", str(begin), "--seconds", str(seconds))
        print(done.stdout, end="", flush=True)
        if done.returncode != 0:
            yield f"{scenario}: a promise was not kept"


def main():
    program = sys.argv[1]
    faults = [fault for check in (seed_repeats_itself, mutants_are_found, slice_is_clean) for fault in check(program)]
    for fault in faults:
        print(f"FAILED: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
