"""What the owners have and published, held against what clients were answered."""

from collections import Counter, defaultdict

from records import PUBLISHED, name_of, version_of, wanted

CREATED_IN = {
    "account": "accounts.accounts",
    "location": "accounts.locations",
    "ticket": "tickets.tickets",
    "contract": "contracts.contracts",
    "subscription": "notifications.subscriptions",
    "import": "accounts.imports",
}
# Of these every version of the resource has one.
VERSIONS = {
    "ticket": ("tickets.tickets", ("ticket-opened", "ticket-changed", "ticket-status-changed")),
    "account": ("accounts.accounts", ("account-created", "account-changed")),
}
LEDGER = {
    "contractExpiring": "contract-expiring",
    "noticeDeadlineMissed": "notice-deadline-missed",
    "contractRolled": "contract-rolled",
    "contractAutoRenewed": "contract-auto-renewed",
    "contractExpired": "contract-expired",
    "contractTerminated": "contract-terminated",
    "contractActivated": "contract-activated",
}


def acknowledged_rows(evidence):
    """Nothing acknowledged is missing: its row is there, at least as new as the answer."""
    rows = {kind: {row["id"]: row for row in evidence.rows(table)} for kind, table in CREATED_IN.items()}
    for operation in wanted(evidence, "ok"):
        kind, answer = operation.get("kind"), operation["answers"][0]
        answer = answer.get("subscription", answer)
        if kind not in rows or "id" not in answer:
            continue
        row = rows[kind].get(answer["id"])
        if row is None:
            yield f"{operation['operation']} {operation['verb']}: {kind} {answer['id']} was acknowledged and is gone"
        elif int(row["version"]) < int(answer["version"]):
            yield (
                f"{operation['operation']} {operation['verb']}: {kind} {answer['id']} was acknowledged with version "
                f"{answer['version']} and has version {row['version']}"
            )


def acknowledged_events(evidence):
    """Nothing acknowledged is missing: its event is on Kafka, under the call that caused it."""
    told = {(record["request"], *version_of(record)) for record in evidence.log}
    for operation in wanted(evidence, "ok"):
        answer = operation["answers"][0]
        if operation.get("kind") not in PUBLISHED:
            continue
        version = (operation["kind"], answer["id"], int(answer["version"]))
        if not any((call, *version) in told for call in operation["calls"]):
            yield f"{operation['operation']} {operation['verb']}: no event of {version} was published"


def every_version_told(evidence):
    """Each version of a ticket or an account has one event of its own, with one id."""
    for kind, (table, names) in VERSIONS.items():
        told = defaultdict(set)
        for record in evidence.log:
            if name_of(record) in names:
                told[version_of(record)].add(record["id"])
        for row in evidence.rows(table):
            for version in range(1, int(row["version"]) + 1):
                events = told.pop((kind, row["id"], version), set())
                if len(events) != 1:
                    yield f"{kind} {row['id']} version {version} was told by {len(events)} events: {sorted(events)}"
        for version, events in told.items():
            yield f"{version} was told by {sorted(events)} and is not there"


def nothing_unasked(evidence):
    """Nothing appears that nobody sent."""
    asked = defaultdict(set)
    for operation in evidence.operations:
        if operation["outcome"] != "refused" and operation.get("id") and not operation.get("only_looks"):
            asked[operation["kind"]].add(operation["id"])
    names = {name for operation in evidence.operations for name in operation.get("names", ())}
    for kind, table in CREATED_IN.items():
        for row in evidence.rows(table):
            if row["id"] not in asked[kind] and not (kind == "account" and row["name"] in names):
                yield f"{kind} {row['id']} is there and nobody asked for it"
    calls = {call for operation in evidence.operations for call in operation["calls"]}
    for record in evidence.log:
        if record["request"].startswith("client") and record["request"] not in calls:
            yield f"event {record['id']} ({record['type']}) names a call that nobody made: {record['request']}"


def refused_without_trace(evidence):
    """A call that was refused, or only looked, left no event, no row and no remembered answer."""
    events = defaultdict(list)
    for record in evidence.log:
        events[record["request"]].append(record["type"])
    remembered = {
        row["request_id"]
        for name in evidence.tables
        if name.endswith(".runtime.requests")
        for row in evidence.rows(name)
    }
    ids = {row["id"] for table in CREATED_IN.values() for row in evidence.rows(table)}
    for operation in evidence.operations:
        for call, outcome in operation["results"].items():
            if outcome == "refused" and events[call]:
                yield f"{call} {operation['verb']} was refused and published {events[call]}"
        if operation.get("only_looks"):
            if any(events[call] for call in operation["calls"]) or operation["request"]["id"] in ids:
                yield f"{operation['operation']} {operation['verb']} only looked and left something behind"
        elif operation["outcome"] == "refused":
            if operation["operation"] in remembered:
                yield f"{operation['operation']} {operation['verb']} was refused and its answer is remembered"
            if operation.get("id") in ids:
                yield f"{operation['operation']} {operation['verb']} was refused and {operation['id']} is there"


def wrong_refused(evidence):
    """What is wrong is never acknowledged, and no answer says that Holdfast is at fault."""
    for operation in evidence.operations:
        if operation.get("wrong") and operation["outcome"] == "ok":
            yield f"{operation['operation']} {operation['verb']} was acknowledged"
        if "INTERNAL" in operation.get("reason", "").split()[1:2]:
            yield f"{operation['operation']} {operation['verb']} was answered {operation['reason']}"


def replays_answered_alike(evidence):
    """A request_id that was repeated was answered as the first time."""
    for operation in evidence.operations:
        answers = operation["answers"]
        remembered = operation["request"].get("request_id") and not operation.get("only_looks")
        if remembered and any(answer != answers[0] for answer in answers):
            yield f"{operation['operation']} {operation['verb']} was answered differently: {answers}"


def no_update_lost(evidence):
    """No two acknowledged changes of a ticket made the same version of it."""
    made = defaultdict(list)
    for operation in wanted(evidence, "ok"):
        if operation.get("kind") == "ticket":
            answer = operation["answers"][0]
            made[(answer["id"], answer["version"])].append(operation["operation"])
    for version, operations in made.items():
        if len(operations) > 1:
            yield f"ticket {version} is the answer to {operations}"


def timers_fired_once(evidence):
    """Each key of a ledger fell due once, and was told by one event."""
    keys = Counter()
    told = defaultdict(set)
    for record in evidence.log:
        if name_of(record) in LEDGER.values():
            told[(name_of(record), *version_of(record)[1:])].add(record["id"])
    for row in evidence.rows("contracts.ledger"):
        keys[(row["contract_id"], row["replaced_in"], row["term_end"], row["kind"], row["lead_days"])] += 1
        events = told.pop((LEDGER[row["kind"]], row["contract_id"], int(row["version"])), set())
        if len(events) != 1:
            what = f"{row['kind']} of contract {row['contract_id']} version {row['version']}"
            yield f"{what} was told by {len(events)} events"
    yield from (f"ledger key {key} is there {count} times" for key, count in keys.items() if count > 1)
    yield from (f"{what} was told and is in no ledger" for what in told)
    closed = defaultdict(set)
    for record in evidence.log:
        if name_of(record) == "ticket-closed":
            closed[version_of(record)[1]].add(record["id"])
    for row in evidence.rows("tickets.tickets"):
        if len(closed[row["id"]]) != (1 if row["status"] == "closed" else 0):
            yield f"ticket {row['id']} is {row['status']} and was told closed by {len(closed[row['id']])} events"


def invariants_hold(evidence):
    """`holdfast verify` holds, in every process."""
    for invariant in evidence.invariants:
        if not invariant["holds"]:
            yield f"{invariant['service']} {invariant['name']}: {invariant['detail']}"


def imports_whole(evidence):
    """An import that was started came to its end, dropped no row, and brought each account once."""
    state = {row["id"]: row for row in evidence.rows("accounts.imports")}
    names = Counter(row["name"] for row in evidence.rows("accounts.accounts"))
    for row in evidence.rows("accounts.import_sheets"):
        if row["created"] + row["updated"] + row["unchanged"] + row["rejected"] != row["rows_read"]:
            yield f"import {row['import_id']} dropped rows: {row}"
    for operation in wanted(evidence, "ok"):
        if operation["verb"] != "import_start":
            continue
        if state.get(operation["id"], {}).get("state") != "done":
            yield f"import {operation['id']} was started and is {state.get(operation['id'])}"
        for name in operation["names"]:
            if names[name] != 1:
                yield f"import {operation['id']}: account {name} is there {names[name]} times"
