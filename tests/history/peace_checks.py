"""Where nothing fails, less is allowed than a history of faults may show."""

from collections import Counter


def published_once(evidence):
    """No event is on Kafka twice."""
    times = Counter(record["id"] for record in evidence.log)
    yield from (f"event {event} was published {count} times" for event, count in times.items() if count > 1)


def mailed_once(evidence):
    """No mail arrives twice."""
    times = Counter(mail["id"] for mail in evidence.mails)
    yield from (f"mail {mail} arrived {count} times" for mail, count in times.items() if count > 1)


def find(evidence):
    return {check.__name__.replace("_", "-"): list(check(evidence)) for check in (published_once, mailed_once)}
