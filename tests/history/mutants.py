#!/usr/bin/env python3
"""Tests the checks: bugs on purpose (services/runtime/core/mutant.h), each of which they must find, and none without.

Prints `caught NAME by CHECK` or `MISSED NAME` a bug. Ends with 1 when one was missed, or something found where there is
no bug.
"""

import argparse
import pathlib
import re
import sys
import time
import traceback

import mutant_scenes as scenes
from mutant_stack import Stack
from stack import CHECKOUT

# Bug -> the services that get it, the scene in which it shows, the check that must find it. A bug of no service is the
# command line's.
ALL = ("accounts", "contracts", "tickets", "notifications")
MUTANTS = {
    "relay.by_last_id": (["tickets"], scenes.crowd, "acknowledged-events"),
    "relay.reads_behind_last": (["tickets"], scenes.crowd, "streams-in-order"),
    "streams.not_locked": (["tickets"], scenes.crowd, "streams-in-order"),
    "lease.held_by_all": (["tickets"], scenes.two_relays, "published-once"),
    "sql.answered_before_commit": (ALL, scenes.postgres_dies, "acknowledged-rows"),
    "outbox.transaction_of_its_own": (["accounts"], scenes.outbox_is_locked, "every-version-told"),
    "relay.report_not_read": (["tickets"], scenes.kafka_is_cut, "acknowledged-events"),
    "requests.not_in_turn": (["tickets"], scenes.repeats, "replays-answered-alike"),
    "client.repeats_anything": ([], scenes.answer_is_lost, "nothing-unasked"),
    "cache.filled_unfenced": (["accounts"], scenes.read_at_once, "own-writes-are-read"),
    "cache.dropped_before_commit": (["accounts"], scenes.read_at_once, "own-writes-are-read"),
    "timers.claimed_by_all": (["notifications"], scenes.two_mailers, "mailed-once"),
    "consumer.offset_too_early": (["notifications"], scenes.effects_are_late, "every-event-handled"),
    "consumer.poison_passed_over": (ALL, scenes.poison, "every-event-handled"),
    "inbox.transaction_of_its_own": (["notifications"], scenes.effects_wait, "webhooks-in-order"),
    "mail.recorded_before_sent": (["notifications"], scenes.mail_is_refused, "mails-once"),
    "webhooks.any_answer_will_do": (["notifications"], scenes.webhook_is_refused, "webhooks-in-order"),
    "webhooks.retries_overtaken": (["notifications"], scenes.webhook_is_refused, "webhooks-in-order"),
    # The last: what it leaves is found in every history after it, since invariants are of all agencies.
    "timers.given_up": (["contracts"], scenes.a_timer_fails, "invariants-hold"),
}
# Scenes of which the service with the bug runs twice.
TWICE = {scenes.two_relays: ["tickets"], scenes.two_mailers: ["notifications"]}
TRIES = 3  # of a scene that depends on who comes first


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these")
    parser.add_argument("--build", type=pathlib.Path, default=CHECKOUT / "build" / "dev", help="the build that is tried")
    arguments = parser.parse_args()
    wanted = arguments.names or list(MUTANTS)
    complaints = list(faults_of_table())
    with Stack(arguments.build, arguments.build.name) as stack:
        complaints += control(stack, dict.fromkeys(MUTANTS[name][1] for name in wanted))
        complaints += [name for name in wanted if not catch(stack, name)]
    for complaint in complaints:
        print(f"FAILED {complaint}", flush=True)
    sys.exit(bool(complaints))


def faults_of_table():
    """What is in the program stands in the table, and the other way round."""
    text = "\n".join(path.read_text() for path in (CHECKOUT / "services").rglob("*.cpp"))
    built = set(re.findall(r'mutant\("([a-z_.]+)"\)', text)) - {"room.bug"}
    yield from (f"{name} is in the program, and nobody looks for it" for name in sorted(built - MUTANTS.keys()))
    yield from (f"{name} is not in the program" for name in sorted(MUTANTS.keys() - built))


def control(stack, all_scenes):
    """Without a bug, nothing is found."""
    for scene in all_scenes:
        began = time.monotonic()
        stack.run(replicas=TWICE.get(scene, ()))
        found = [f"{check}: {finding}" for check, findings in scene(stack).items() for finding in findings]
        print(f"{len(found)} findings of {scene.__name__} without a bug ({time.monotonic() - began:.1f} s)", flush=True)
        yield from (f"{scene.__name__} found what is not there: {finding}" for finding in found[:5])


def catch(stack, name):
    services, scene, check = MUTANTS[name]
    began = time.monotonic()
    for _ in range(TRIES):
        stack.run(name, services, TWICE.get(scene, ()))
        found = scene(stack) if services else scene(stack, mutant=name)
        if found.get(check):
            print(f"caught {name} by {check} ({time.monotonic() - began:.1f} s)", flush=True)
            return True
    others = [f"{other}: {findings[0]}" for other, findings in found.items() if findings]
    print(f"MISSED {name}", *others, sep="\n  found instead: ", flush=True)
    return False


if __name__ == "__main__":
    main()
