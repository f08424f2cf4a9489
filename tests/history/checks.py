"""What must hold of any history: pure functions from the evidence to findings, each a sentence with what proves it."""

import owner_checks as owners
import receiver_checks as receivers

SHOWN = 5

CHECKS = [
    owners.acknowledged_rows,
    owners.acknowledged_events,
    owners.every_version_told,
    owners.nothing_unasked,
    owners.refused_without_trace,
    owners.wrong_refused,
    owners.replays_answered_alike,
    owners.no_update_lost,
    owners.timers_fired_once,
    owners.invariants_hold,
    owners.imports_whole,
    receivers.told_once,
    receivers.streams_in_order,
    receivers.arrivals_in_order,
    receivers.copies_equal_owners,
    receivers.every_event_handled,
    receivers.mails_once,
    receivers.webhooks_in_order,
]


def find(evidence):
    """Check -> findings."""
    return {check.__name__.replace("_", "-"): list(check(evidence)) for check in CHECKS}
