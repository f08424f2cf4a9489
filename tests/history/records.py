"""What records on Kafka say, and which commands ended how: what checks ask of the evidence."""

PUBLISHED = ("account", "location", "ticket", "contract")


def name_of(record):
    return record["type"].removeprefix("holdfast.").removesuffix(".v1")


def resource_of(record):
    """(kind, resource): the ticket of a ticket-opened; (None, {}) where there is none."""
    for kind in (*PUBLISHED, "message", "delivery"):
        found = (record["data"] or {}).get(kind)
        if isinstance(found, dict) and found.get("id"):
            return kind, found
    return None, {}


def version_of(record):
    """(kind, id, version) of what the event carries."""
    kind, resource = resource_of(record)
    return kind, resource.get("id"), int(resource.get("version", 0))


def wanted(evidence, outcome):
    """Right commands that ended so."""
    return [
        each
        for each in evidence.operations
        if each["outcome"] == outcome and not each.get("wrong") and not each.get("only_looks")
    ]
