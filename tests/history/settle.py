"""After the attack: everything is healed, and what was begun may come to its end. Only then is anything judged."""

import datetime
import threading
import time

from final import gather
from history import operations
from observers import TOPICS, read_log
from stack import SERVERS, wait_until

OPERATIONS = "holdfast.operations.v1.OperationsService/"
SUBSCRIPTIONS = "holdfast.notifications.v1.SubscriptionService/"
# A machine with other work takes some three minutes after 200 faults; a stuck one is told from it for sure.
PATIENCE_S = 600
PATIENCE_A_FAULT_S = 0.25
CALL_S = 20
LOOK_AGAIN_S = 0.5
# Morning in every zone of the book: nobody's mail waits for the end of the night (R70).
MORNING_UTC = datetime.time(18)


class NotQuiet(Exception):
    """Something does not come to its end: a finding, with what still waits."""


def patience_after(faults):
    return PATIENCE_S + PATIENCE_A_FAULT_S * faults


def settle(stack, nemesis, receiver):
    nemesis.heal()
    receiver.bad_answers = 0
    for name in (*SERVERS, *stack.programs):
        wait_until(lambda: stack.runs(name) and stack.ready(name), PATIENCE_S, f"{name} is not ready again")
    wait_until(lambda: nemesis.set_clock(_next_morning), PATIENCE_S, "the clocks do not move")


def picture(stack, caller, history, patience_s):
    """What is there once everything is quiet; taken again when something happened meanwhile: clocks go on."""
    while True:
        activity = _wait_until_quiet(stack, caller, patience_s)
        log = read_log(stack.addresses["kafka"], caller.protos, [*TOPICS, *(f"{topic}.dlq" for topic in TOPICS)])
        wait_until(lambda: _all_arrived(log, history), patience_s, "the observers' group does not get to the end")
        evidence = gather(stack, caller, history, log, operations(history))
        if _look(stack, caller) == ({}, activity):
            return evidence


def _next_morning(now):
    return datetime.datetime.combine(now.date() + datetime.timedelta(days=1), MORNING_UTC, datetime.timezone.utc)


def _wait_until_quiet(stack, caller, patience_s):
    """Two looks in a row find nothing waiting, and nothing done in between."""
    give_up_at = time.monotonic() + patience_s
    before, resumed_at = None, 0.0
    while True:
        waits, activity = _look(stack, caller)
        if not waits and before == activity:
            return activity
        before = None if waits else activity
        now = time.monotonic()
        if waits.get("deliveries") and now - resumed_at > 5:
            _hurry(stack, caller)
            resumed_at = now
        if now > give_up_at:
            raise NotQuiet(f"after {patience_s:.0f} s there still waits: {waits}")
        threading.Event().wait(LOOK_AGAIN_S)


def _look(stack, caller):
    waits, activity = {}, {}
    for name in stack.programs:
        outcome, answer, reason = caller.call(name, f"{OPERATIONS}GetQuiescence", {}, "settle", CALL_S)
        if outcome != "ok":
            waits[name] = reason
            continue
        found = answer["services"][0]
        activity[name] = found["activity"]
        if not found["settled"] or found["failingTimers"]:
            waits[name] = {key: value for key, value in found.items() if value}
    unended = lambda table: stack.databases.query("notifications", f"SELECT count(*) FROM {table} WHERE ended_at IS NULL")
    try:
        deliveries, messages = unended("deliveries")[0]["count"], unended("messages")[0]["count"]
    except OSError as error:
        return {"postgres": str(error)}, activity
    if deliveries:
        waits["deliveries"] = deliveries
    if messages:
        waits["messages"] = messages
    return waits, activity


def _hurry(stack, caller):
    """A delivery that failed waits for its place in the schedule; a subscription that is resumed sends at once."""
    for row in stack.databases.query("notifications", "SELECT id FROM subscriptions WHERE deleted_at IS NULL"):
        for method in ("PauseSubscription", "ResumeSubscription"):
            caller.call("notifications", f"{SUBSCRIPTIONS}{method}", {"id": row["id"]}, "settle", CALL_S)


def _all_arrived(log, history):
    here = {(each["topic"], each["partition"], each["offset"]) for each in history.of("arrival")}
    return all(
        (each["topic"], each["partition"], each["offset"]) in here for each in log if not each["topic"].endswith(".dlq")
    )
