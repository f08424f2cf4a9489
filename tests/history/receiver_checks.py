"""What arrived: at consumers, at the other services, by webhook and by mail."""

import datetime
from collections import Counter, defaultdict

from records import name_of, resource_of, wanted

# Copies of what another service owns, and the owner's table.
COPIES = {
    "tickets.accounts": "accounts.accounts",
    "contracts.accounts": "accounts.accounts",
    "notifications.accounts": "accounts.accounts",
    "tickets.locations": "accounts.locations",
    "contracts.locations": "accounts.locations",
    "notifications.locations": "accounts.locations",
    "accounts.tickets": "tickets.tickets",
    "accounts.contracts": "contracts.contracts",
}

# notifications/app/deliveries.h: ledger_kept. A clock that could not be reached is behind by a jump (nemesis).
LEDGER_KEPT, LONGEST_JUMP = datetime.timedelta(days=30), datetime.timedelta(days=4)


def told_once(evidence):
    """No effect happened twice: one thing is never told by two events."""
    events = defaultdict(set)
    for record in evidence.log:
        kind, resource = resource_of(record)
        if kind:
            data = record["data"]
            what = (
                name_of(record),
                kind,
                resource["id"],
                resource["version"],
                data.get("promise"),
                data.get("leadDays"),
            )
            events[what].add(record["id"])
    for what, ids in events.items():
        if len(ids) > 1:
            yield f"{what} was told by {len(ids)} events: {sorted(ids)}"


def streams_in_order(evidence):
    """First deliveries of a topic and key count 1, 2, 3, … up to the owner's counter; a number is one event."""
    counters = {}
    for name in evidence.tables:
        if name.endswith(".runtime.streams"):
            counters |= {
                (row["topic"], row["key"]): row["sequence"]
                for row in evidence.rows(name)
                if not row["topic"].endswith(".dlq")
            }
    yield from _in_order(evidence.log, "published")
    last = defaultdict(int)
    for record in evidence.log:
        stream = (record["topic"], record["key"])
        last[stream] = max(last[stream], record["sequence"])
    for stream in counters.keys() | last.keys():
        if counters.get(stream, 0) != last[stream]:
            yield f"{stream}: the counter stands at {counters.get(stream, 0)} and {last[stream]} were published"


def arrivals_in_order(evidence):
    """Nor did a consumer group see an account's events out of order, or miss one, whoever joined and left."""
    yield from _in_order(evidence.arrivals, "arrived")
    missing = {record["id"] for record in evidence.log} - {record["id"] for record in evidence.arrivals}
    for event in sorted(missing):
        yield f"event {event} never arrived at the group"


def _in_order(records, what):
    next_of, numbered, seen = defaultdict(lambda: 1), {}, set()
    for record in records:
        stream, number = (record["topic"], record["key"]), record["sequence"]
        if numbered.setdefault((stream, number), record["id"]) != record["id"]:
            yield f"{stream}: {number} is {numbered[stream, number]} and {record['id']} as well"
        if record["id"] in seen:
            continue
        seen.add(record["id"])
        if number != next_of[stream]:
            yield f"{stream}: {number} ({record['id']}, {record['type']}) {what} where {next_of[stream]} was due"
        next_of[stream] = max(next_of[stream], number + 1)


def copies_equal_owners(evidence):
    """What a service keeps of another's facts is what the owner has."""
    for copy, owner in COPIES.items():
        if copy not in evidence.tables or owner not in evidence.tables:
            continue
        owned = {row["id"]: row for row in evidence.rows(owner)}
        copied = {row["id"]: row for row in evidence.rows(copy)}
        for missing in owned.keys() - copied.keys():
            yield f"{copy} has no {missing}"
        for key, row in copied.items():
            differs = {
                column: (row[column], owned[key][column])
                for column in row.keys() & owned.get(key, {}).keys()
                if row[column] != owned[key][column]
            }
            if key not in owned:
                yield f"{copy} has {key}, which its owner has not"
            elif differs:
                yield f"{copy} {key} differs from its owner: {differs}"


def every_event_handled(evidence):
    """A handler that took one event of a kind took every event of it, once; what was set aside is poison."""
    for name in evidence.tables:
        if not name.endswith(".runtime.inbox"):
            continue
        taken = defaultdict(set)
        for row in evidence.rows(name):
            taken[row["handler"]].add(row["event_id"])
        for handler, ids in taken.items():
            kinds = {record["type"] for record in evidence.log if record["id"] in ids}
            missed = {record["id"] for record in evidence.log if record["type"] in kinds} - ids
            yield from (f"{handler} never took event {event}" for event in sorted(missed))
    yield from _set_aside(evidence, {each["id"]: each for each in evidence.poison})


def _set_aside(evidence, poison):
    """
    Poison alone is set aside, with a copy (under another id) for each dead letter on the topic's .dlq. A handler that has
    no use for what it was given does not look whether it is poison, and took it.
    """
    inboxes = [name for name in evidence.tables if name.endswith(".runtime.inbox")]
    taken = {row["event_id"] for name in inboxes for row in evidence.rows(name)}
    letters = [row for name in evidence.tables if name.endswith(".runtime.dead_letters") for row in evidence.rows(name)]
    copies = Counter(key for _, key in {(record["id"], record["key"]) for record in evidence.dead})
    for row in letters:
        if row["event_id"] not in poison:
            why = f"{row['reason']} {row['message']}"
            yield f"{row['handler']} set aside event {row['event_id']} ({row['type']}): {why}"
    for event, each in poison.items():
        count = sum(row["event_id"] == event for row in letters)
        if event not in taken or copies[each["key"]] != count:
            yield f"poison {event} has {count} dead letters and {copies[each['key']]} copies on {each['topic']}.dlq"


def mails_once(evidence):
    """Each event that is worth a mail made one; what is said to be sent arrived, no oftener than it was tried."""
    arrived = Counter(mail["id"] for mail in evidence.mails)
    opened = Counter()
    for row in evidence.rows("notifications.messages"):
        if row["template"] == "ticket_opened":
            opened[row["event_id"]] += 1
        count = arrived.pop(row["id"], 0)
        if row["state"] == "completed" and not 1 <= count <= row["attempts"]:
            yield f"message {row['id']} was sent in {row['attempts']} attempts and arrived {count} times"
        if row["state"] == "failed":
            yield f"message {row['id']} failed: {row['last_reply']}"
        if row["state"] == "cancelled" and count:
            yield f"message {row['id']} was suppressed and arrived {count} times"
    yield from (f"mail {mail} arrived and nobody sent it" for mail in arrived)
    for event in {record["id"] for record in evidence.log if name_of(record) == "ticket-opened"}:
        if opened[event] != 1:
            yield f"ticket-opened {event} made {opened[event]} mails"


def forgotten(evidence):
    """Events whose deliveries the ledger may have forgotten since: long runs go on for months by the business clock."""
    if not evidence.now:
        return set()
    before = (_instant(evidence.now) - LEDGER_KEPT + LONGEST_JUMP).isoformat()
    return {record["id"] for record in evidence.log if record.get("time") and _instant(record["time"]).isoformat() < before}


def _instant(text):
    return datetime.datetime.fromisoformat(text[:19])


def webhooks_in_order(evidence):
    """
    Each subscription was told, and acknowledged, what it asked for, in the order of each account. Of what the ledger has
    forgotten, the receiver's acknowledgement alone is there.
    """
    old = forgotten(evidence)
    rows = {(row["subscription_id"], row["event_id"]): row for row in evidence.rows("notifications.deliveries")}
    posted = {(each["subscription"], each["id"]) for each in evidence.webhooks}
    taken = [each for each in evidence.webhooks if each["answer"] == 204]
    acknowledged = {(each["subscription"], each["id"]) for each in taken}
    for delivery, row in rows.items():
        if row["state"] != "delivered" or delivery not in acknowledged:
            yield f"delivery {delivery} is {row['state']}, acknowledged: {delivery in acknowledged}"
    no_rows = (delivery for delivery in posted - rows.keys() if delivery[1] not in old)
    yield from (f"{delivery} was posted and is no delivery" for delivery in no_rows)
    last, seen = defaultdict(int), set()
    for each in taken:
        if (each["subscription"], each["id"]) in seen:
            continue
        seen.add((each["subscription"], each["id"]))
        lane = (each["subscription"], each["source"], each["key"])
        if each["sequence"] <= last[lane]:
            yield f"{lane}: {each['sequence']} was acknowledged after {last[lane]}"
        last[lane] = max(last[lane], each["sequence"])
    yield from _undelivered(evidence, rows.keys() | {each for each in acknowledged if each[1] in old})


def _undelivered(evidence, delivered):
    began = {call: operation["at"] for operation in evidence.operations for call in operation["calls"]}
    filters = {row["id"]: row["event_names"] for row in evidence.rows("notifications.subscriptions")}
    for operation in wanted(evidence, "ok"):
        if operation["verb"] != "subscribe":
            continue
        subscription = operation["id"]
        for record in evidence.log:
            asked = not filters.get(subscription) or name_of(record) in filters[subscription]
            later = began.get(record["request"], 0) > operation["returned"]
            if asked and later and (subscription, record["id"]) not in delivered:
                yield f"event {record['id']} ({record['type']}) was never on its way to {subscription}"
