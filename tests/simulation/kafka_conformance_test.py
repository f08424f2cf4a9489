#!/usr/bin/env python3
"""Whether the model of Kafka says what Kafka says: the same conversations with both, compared line by line.

kafka_conformance_test.py MODELLED REAL: the two programs. CONFORMANCE_SEED=N has the conversations of that seed again.
"""

import difflib
import os
import random
import subprocess
import sys

TABLED = ("never_reached", "given_up", "crowd", "rewind", "out_of_range")
AT_RANDOM = 6  # seeds


def conversations():
    first = int(os.environ.get("CONFORMANCE_SEED", random.randrange(1, 2**40)))
    yield from ((name, first) for name in TABLED)
    yield from (("at_random", seed) for seed in range(first, first + AT_RANDOM))


def begin(program, name, seed):
    return subprocess.Popen([program, name, str(seed)], stdout=subprocess.PIPE, text=True)


def main():
    modelled, real = sys.argv[1:]
    # All at once: those with a broker spend their time waiting for it.
    begun = [(name, seed, begin(modelled, name, seed), begin(real, name, seed)) for name, seed in conversations()]
    failed = 0
    for name, seed, *programs in begun:
        said = [program.communicate()[0].splitlines() for program in programs]
        is_same = said[0] == said[1] and all(program.returncode == 0 for program in programs)
        print(f"{name}, seed {seed}: {len(said[1])} lines, {'the same' if is_same else 'DIFFERENT'}", flush=True)
        if is_same:
            continue
        failed += 1
        for line in difflib.unified_diff(said[1], said[0], "Kafka", "the model", lineterm="", n=8):
            print(f"  {line}")
        print(f"  again with CONFORMANCE_SEED={seed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
