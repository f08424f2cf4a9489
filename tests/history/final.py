"""What is there in the end: the databases' tables, the log, and what each process says of itself."""

from dataclasses import dataclass, field

TABLES = {
    "accounts": ["accounts", "locations", "contracts", "tickets", "imports", "import_sheets"],
    "contracts": ["accounts", "locations", "contracts", "ledger"],
    "tickets": ["accounts", "locations", "tickets", "status_changes", "sla_clocks"],
    "notifications": ["accounts", "messages", "deliveries", "subscriptions", "locations"],
}
RUNTIME = ["streams", "outbox", "inbox", "dead_letters", "requests", "timers"]
LEFT_OUT = {
    "requests": ["response", "fingerprint"],
    "outbox": ["payload"],
    "dead_letters": ["payload"],
    "messages": ["html", "text", "calendar"],
    "subscriptions": ["secret", "old_secret"],
}
VERIFY = "holdfast.operations.v1.OperationsService/Verify"
CLOCK = "holdfast.operations.v1.OperationsService/GetClock"


@dataclass
class Evidence:
    """All that checks may look at."""

    operations: list = field(default_factory=list)  # history.operations
    log: list = field(default_factory=list)  # Kafka's records, poison left out
    dead: list = field(default_factory=list)  # records of the .dlq topics
    poison: list = field(default_factory=list)
    arrivals: list = field(default_factory=list)
    webhooks: list = field(default_factory=list)
    mails: list = field(default_factory=list)
    tables: dict = field(default_factory=dict)  # "tickets.status_changes" -> rows
    invariants: list = field(default_factory=list)
    now: str = ""  # by the furthest business clock

    def rows(self, name):
        return self.tables.get(name, [])


def read_tables(stack):
    found = {}
    for service, tables in TABLES.items():
        for table in [*tables, *(f"runtime.{name}" for name in RUNTIME)]:
            left_out = LEFT_OUT.get(table.removeprefix("runtime."), [])
            shown = (
                stack.databases.query(service, f"SELECT * FROM {table}")
                if not left_out
                else stack.databases.query(service, f"SELECT to_jsonb(t) - ARRAY{left_out} AS row FROM {table} AS t")
            )
            found[f"{service}.{table}"] = [row["row"] for row in shown] if left_out else shown
    return found


def gather(stack, caller, history, log, operations):
    poison = {each["id"]: each for each in history.of("poison")}
    events = [each for each in log if not each["topic"].endswith(".dlq")]
    clocks = [caller.call(name, CLOCK, {}, "final", 30)[1] for name in stack.programs]
    invariants = []
    for name in stack.programs:
        _, answer, reason = caller.call(name, VERIFY, {}, "final", 30)
        invariants += (
            answer["invariants"] if answer else [{"service": name, "name": "verify", "holds": False, "detail": reason}]
        )
    return Evidence(
        operations=operations,
        log=[each for each in events if each["id"] and each["id"] not in poison],
        dead=[each for each in log if each["topic"].endswith(".dlq")],
        poison=[each for each in poison.values() if each["event"] and any(one["id"] == each["id"] for one in events)],
        arrivals=[each for each in history.of("arrival") if each["id"] and each["id"] not in poison],
        webhooks=history.of("webhook"),
        mails=history.of("mail"),
        tables=read_tables(stack),
        invariants=invariants,
        now=max((clock["businessNow"] for clock in clocks if clock), default=""),
    )
