"""Each check on small made histories: silent on a right one, and not on one with the fault that it is there for."""

import copy
import unittest

import checks
import owner_checks as owners
import receiver_checks as receivers
from final import Evidence

TICKET = {"id": "t", "version": "1", "status": "TICKET_STATUS_ACKNOWLEDGED"}


def record(number, name, data, request="", topic="holdfast.tickets"):
    return {
        "topic": topic,
        "partition": 0,
        "offset": number,
        "key": "a/c",
        "id": f"{topic}-{number}",
        "type": f"holdfast.{name}.v1",
        "sequence": number,
        "request": request,
        "agency": "a",
        "data": data,
    }


def operation(name, verb, outcome="ok", answers=(), **fields):
    return {
        "operation": name,
        "verb": verb,
        "at": 1.0,
        "returned": 2.0,
        "calls": [f"{name}.0"],
        "results": {f"{name}.0": outcome},
        "outcome": outcome,
        "answers": list(answers),
        "request": {"request_id": name, **fields.pop("request", {})},
        **fields,
    }


def right():
    """A ticket is opened, resolved and closed by its timer; a contract rolls; it is heard; a call is refused."""
    resolved = {**TICKET, "version": "2", "status": "TICKET_STATUS_RESOLVED"}
    closed = {**TICKET, "version": "3", "status": "TICKET_STATUS_CLOSED"}
    contract = {"id": "k", "version": "2"}
    log = [
        record(1, "ticket-opened", {"ticket": TICKET}, "client0-2.0"),
        record(2, "ticket-status-changed", {"ticket": resolved}, "client0-3.0"),
        record(3, "ticket-status-changed", {"ticket": closed}),
        record(4, "ticket-closed", {"ticket": closed}),
        record(1, "contract-created", {"contract": {"id": "k", "version": "1"}}, "client0-4.0", "holdfast.contracts"),
        record(1, "contract-rolled", {"contract": contract}, topic="holdfast.renewals"),
        record(1, "account-created", {"account": {"id": "c", "version": "1"}}, "client0-0.0", "holdfast.accounts"),
        record(2, "account-created", {"account": {"id": "i", "version": "1"}}, "", "holdfast.accounts"),
    ]
    opened = log[0]["id"]
    return Evidence(
        operations=operations_of_right(resolved),
        log=log,
        arrivals=copy.deepcopy(log),
        poison=[{"id": "p", "topic": "holdfast.tickets", "key": "a/p"}],
        dead=[{"id": "x", "topic": "holdfast.tickets.dlq", "key": "a/p"}],
        webhooks=[
            {
                "subscription": "s",
                "id": opened,
                "answer": answer,
                "source": "/holdfast/tickets",
                "key": "a/c",
                "sequence": 1,
            }
            for answer in (500, 204)
        ],
        mails=[{"id": "m"}],
        invariants=[{"service": "tickets", "name": "inbox-consistent", "holds": True, "detail": ""}],
        tables=tables_of_right(log[0]["id"]),
    )


def operations_of_right(resolved):
    return [
        operation("client0-0", "create_account", answers=[{"id": "c", "version": "1"}], kind="account", id="c"),
        operation(
            "client0-1",
            "subscribe",
            answers=[{"subscription": {"id": "s", "version": "1"}}],
            kind="subscription",
            id="s",
            at=0.1,
            returned=0.2,
        ),
        operation("client0-2", "open_ticket", answers=[TICKET, TICKET], kind="ticket", id="t"),
        operation("client0-3", "resolve", answers=[resolved], kind="ticket"),
        operation("client0-4", "create_contract", answers=[{"id": "k", "version": "1"}], kind="contract", id="k"),
        operation("client0-5", "pause", "refused", reason="FAILED_PRECONDITION ILLEGAL_TRANSITION", kind="ticket"),
        operation("client0-6", "open_ticket", "unknown", reason="UNAVAILABLE", kind="ticket", id="t2"),
        operation(
            "client0-7", "import_start", answers=[{"id": "b", "version": "2"}], kind="import", id="b", names=["I"]
        ),
        operation(
            "client0-8",
            "wrong_only_looks",
            answers=[{"id": "t3", "version": "1"}],
            only_looks=True,
            request={"id": "t3"},
        ),
        operation("client0-9", "wrong_used_id", "refused", reason="ALREADY_EXISTS ALREADY_EXISTS", wrong=True),
    ]


def tables_of_right(opened):
    streams = lambda topic, number: [{"topic": topic, "key": "a/c", "sequence": number}]
    account = {"id": "c", "name": "C", "version": 1}
    imported = {"id": "i", "name": "I", "version": 1}
    ticket = {"id": "t", "status": "closed", "version": 3}
    return {
        "accounts.accounts": [account, imported],
        "tickets.accounts": [dict(account), dict(imported)],
        "tickets.tickets": [ticket],
        "accounts.tickets": [dict(ticket)],
        "contracts.contracts": [{"id": "k", "version": 2}],
        "contracts.ledger": [
            {
                "contract_id": "k",
                "version": 2,
                "kind": "contractRolled",
                "term_end": "2026-11-30",
                "lead_days": 0,
                "replaced_in": 0,
            }
        ],
        "accounts.runtime.streams": streams("holdfast.accounts", 2),
        "tickets.runtime.streams": streams("holdfast.tickets", 4),
        "contracts.runtime.streams": streams("holdfast.contracts", 1) + streams("holdfast.renewals", 1),
        "tickets.runtime.requests": [{"request_id": "client0-2"}],
        "tickets.runtime.dead_letters": [
            {
                "handler": "h",
                "event_id": "p",
                "type": "ticket-opened",
                "topic": "",
                "reason": "MESSAGE_MALFORMED",
                "message": "",
            }
        ],
        "notifications.runtime.inbox": [
            {"handler": "told", "event_id": opened},
            {"handler": "told", "event_id": "p"},
        ],
        "notifications.messages": [
            {
                "id": "m",
                "template": "ticket_opened",
                "event_id": opened,
                "state": "completed",
                "attempts": 1,
                "last_reply": "250",
            }
        ],
        "notifications.subscriptions": [{"id": "s", "version": 1, "event_names": ["ticket-opened"]}],
        "notifications.deliveries": [{"subscription_id": "s", "event_id": opened, "state": "delivered"}],
        "accounts.imports": [{"id": "b", "state": "done", "version": 3}],
        "accounts.import_sheets": [
            {"import_id": "b", "rows_read": 1, "created": 1, "updated": 0, "unchanged": 0, "rejected": 0}
        ],
    }


class ChecksTest(unittest.TestCase):
    def finds(self, check, spoil):
        """The fault is found by the check that is there for it."""
        evidence = right()
        spoil(evidence)
        self.assertNotEqual(list(check(evidence)), [], f"{check.__name__} missed it")

    def test_a_right_history_has_no_findings(self):
        self.assertEqual({check: found for check, found in checks.find(right()).items() if found}, {})

    def test_lost_rows(self):
        self.finds(owners.acknowledged_rows, lambda e: e.tables["tickets.tickets"].clear())
        self.finds(owners.acknowledged_rows, lambda e: e.tables["tickets.tickets"][0].update(version=1))
        self.finds(owners.acknowledged_rows, lambda e: e.tables["notifications.subscriptions"].clear())

    def test_lost_events(self):
        self.finds(owners.acknowledged_events, lambda e: e.log.pop(1))
        self.finds(owners.acknowledged_events, lambda e: e.log[1].update(request="client0-2.0"))

    def test_versions_without_or_with_two_events(self):
        self.finds(owners.every_version_told, lambda e: e.log.pop(2))
        self.finds(owners.every_version_told, lambda e: e.log.append({**e.log[2], "id": "other"}))
        self.finds(owners.every_version_told, lambda e: e.tables["tickets.tickets"][0].update(version=2))

    def test_an_effect_twice(self):
        self.finds(receivers.told_once, lambda e: e.log.append({**e.log[5], "id": "other", "sequence": 2}))

    def test_streams(self):
        self.finds(receivers.streams_in_order, lambda e: e.log.insert(1, e.log.pop(2)))
        self.finds(receivers.streams_in_order, lambda e: e.log.pop(1))
        self.finds(receivers.streams_in_order, lambda e: e.log.pop(3))
        self.finds(receivers.streams_in_order, lambda e: e.log[3].update(sequence=3))
        self.finds(receivers.streams_in_order, lambda e: e.tables["tickets.runtime.streams"].clear())

    def test_an_event_may_be_there_twice(self):
        evidence = right()
        evidence.log.insert(3, evidence.log[1])
        self.assertEqual(list(receivers.streams_in_order(evidence)), [])

    def test_arrivals(self):
        self.finds(receivers.arrivals_in_order, lambda e: e.arrivals.insert(0, e.arrivals.pop(1)))
        self.finds(receivers.arrivals_in_order, lambda e: e.arrivals.pop(3))

    def test_what_nobody_asked_for(self):
        self.finds(owners.nothing_unasked, lambda e: e.tables["tickets.tickets"].append({"id": "other"}))
        self.finds(owners.nothing_unasked, lambda e: e.tables["accounts.accounts"].append({"id": "o", "name": "Other"}))
        self.finds(owners.nothing_unasked, lambda e: e.log[0].update(request="client9-9.0"))

    def test_traces_of_the_refused(self):
        self.finds(owners.refused_without_trace, lambda e: e.log[3].update(request="client0-5.0"))
        self.finds(owners.refused_without_trace, lambda e: e.log[3].update(request="client0-8.0"))
        self.finds(owners.refused_without_trace, lambda e: e.tables["tickets.tickets"].append({"id": "t3"}))
        self.finds(
            owners.refused_without_trace,
            lambda e: e.tables["tickets.runtime.requests"].append({"request_id": "client0-5"}),
        )
        self.finds(owners.refused_without_trace, lambda e: e.operations[5].update(id="t"))

    def test_wrong_commands_that_were_taken(self):
        self.finds(owners.wrong_refused, lambda e: e.operations[9].update(outcome="ok"))
        self.finds(owners.wrong_refused, lambda e: e.operations[5].update(reason="INTERNAL INTERNAL request 1"))

    def test_other_answers_to_the_same_request(self):
        self.finds(
            owners.replays_answered_alike, lambda e: e.operations[2]["answers"].append({**TICKET, "version": "2"})
        )

    def test_lost_updates(self):
        self.finds(owners.no_update_lost, lambda e: e.operations[3].update(answers=[TICKET]))

    def test_timers(self):
        self.finds(owners.timers_fired_once, lambda e: e.log.pop(5))
        self.finds(owners.timers_fired_once, lambda e: e.log.append({**e.log[5], "id": "other"}))
        self.finds(owners.timers_fired_once, lambda e: e.tables["contracts.ledger"].clear())
        self.finds(
            owners.timers_fired_once,
            lambda e: e.tables["contracts.ledger"].append({**e.tables["contracts.ledger"][0], "version": 3}),
        )
        self.finds(owners.timers_fired_once, lambda e: e.log.append({**e.log[3], "id": "other"}))
        self.finds(owners.timers_fired_once, lambda e: e.tables["tickets.tickets"][0].update(status="resolved"))

    def test_invariants(self):
        self.finds(owners.invariants_hold, lambda e: e.invariants[0].update(holds=False))

    def test_copies(self):
        self.finds(receivers.copies_equal_owners, lambda e: e.tables["tickets.accounts"].pop())
        self.finds(receivers.copies_equal_owners, lambda e: e.tables["accounts.tickets"][0].update(status="resolved"))
        self.finds(receivers.copies_equal_owners, lambda e: e.tables["accounts.tickets"].append({"id": "other"}))

    def test_events_that_nobody_handled(self):
        self.finds(
            receivers.every_event_handled,
            lambda e: e.log.append(record(5, "ticket-opened", {"ticket": {**TICKET, "id": "t2"}})),
        )

    def test_dead_letters(self):
        self.finds(receivers.every_event_handled, lambda e: e.poison.clear())
        self.finds(receivers.every_event_handled, lambda e: e.dead.clear())
        self.finds(receivers.every_event_handled, lambda e: e.tables["notifications.runtime.inbox"].pop())
        self.finds(receivers.every_event_handled, lambda e: e.tables["tickets.runtime.dead_letters"].clear())

    def test_mails(self):
        self.finds(receivers.mails_once, lambda e: e.mails.clear())
        self.finds(receivers.mails_once, lambda e: e.mails.append({"id": "m"}))
        self.finds(receivers.mails_once, lambda e: e.mails.append({"id": "other"}))
        self.finds(receivers.mails_once, lambda e: e.tables["notifications.messages"].clear())
        self.finds(receivers.mails_once, lambda e: e.tables["notifications.messages"][0].update(state="failed"))
        self.finds(receivers.mails_once, lambda e: e.tables["notifications.messages"][0].update(state="cancelled"))

    def test_webhooks(self):
        late = {"subscription": "s", "id": "late", "answer": 204, "source": "/holdfast/tickets", "key": "a/c"}
        self.finds(receivers.webhooks_in_order, lambda e: e.webhooks.pop())
        self.finds(receivers.webhooks_in_order, lambda e: e.webhooks.append({**late, "sequence": 2}))
        self.finds(
            receivers.webhooks_in_order, lambda e: e.tables["notifications.deliveries"][0].update(state="retrying")
        )
        self.finds(receivers.webhooks_in_order, lambda e: e.tables["notifications.deliveries"].clear())

        def disordered(e):
            e.webhooks.append({**late, "sequence": 0})
            e.tables["notifications.deliveries"].append(
                {"subscription_id": "s", "event_id": "late", "state": "delivered"}
            )

        self.finds(receivers.webhooks_in_order, disordered)

    def test_a_delivery_is_forgotten_once_it_is_old_and_was_acknowledged(self):
        def a_year_later(e, **fields):
            e.now = "2028-01-01T00:00:00Z"
            for each in e.log:
                each.update(time="2027-01-01T00:00:00Z", **fields)
            e.tables["notifications.deliveries"].clear()

        evidence = right()
        a_year_later(evidence)
        self.assertEqual(list(receivers.webhooks_in_order(evidence)), [])
        self.finds(receivers.webhooks_in_order, lambda e: (a_year_later(e), e.webhooks.clear()))
        self.finds(receivers.webhooks_in_order, lambda e: (a_year_later(e), e.log[0].update(time="2027-12-31T00:00:00Z")))

    def test_imports(self):
        self.finds(owners.imports_whole, lambda e: e.tables["accounts.imports"][0].update(state="applying"))
        self.finds(owners.imports_whole, lambda e: e.tables["accounts.import_sheets"][0].update(rows_read=2))
        self.finds(owners.imports_whole, lambda e: e.tables["accounts.accounts"].pop())


if __name__ == "__main__":
    unittest.main()
