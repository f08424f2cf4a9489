"""What is done to an installation so that a bug shows: a history of an agency of its own, which the checks then judge.

Each scene returns its evidence, and leaves the installation as it found it.
"""

import json
import random
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor

import confluent_kafka

import checks
import peace_checks
from cutting_proxy import CuttingProxy
from final import VERIFY, Evidence, read_tables
from history import History, operations
from observers import TOPICS, read_log
from workload import ACCOUNTS, CONTRACTS, SUBSCRIPTIONS, TICKETS, Client, Known

A_LOCK_IS_WAITED_FOR = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
CARD = "holdfast.accounts.v1.LookupService/GetOutageCard"


class Case:
    """One agency, its clients, and what they were told."""

    def __init__(self, stack):
        self.stack, self.history, self.known = stack, History(), Known()
        self.agency, staff, self.key, self.mail = stack.new_agency()
        self.known.add("staff", staff)
        self.programs = stack.running()
        self.caller = stack.caller(self.key)
        self.reads = []  # (what was acknowledged, what was read behind it)
        self.poison = []
        self.is_refused = False  # its mails wait for minutes: nobody else does
        self._clients = 0

    def client(self):
        self._clients += 1
        return Client(self._clients, self.agency, self.caller, self.history, self.known, self)

    def ask(self, operation, call, where, path, request, timeout_s, **intent):
        """One call, once."""
        self.history.add("invoke", operation=operation, call=call, verb=path, where=where, request=request, **intent)
        outcome, answer, reason = self.caller.call(where, path, request, call, timeout_s)
        self.history.add("response", operation=operation, call=call, verb=path, outcome=outcome, answer=answer,
                         reason=reason)
        return answer

    def may_be_there(self, kind, identifier):
        """What was asked for under no id of the caller's own."""
        self.history.add("invoke", operation=identifier, call=identifier, verb="", where="", request={}, kind=kind,
                         id=identifier)

    def accounts(self, count):
        client, made = self.client(), [str(uuid.uuid4()) for _ in range(count)]
        for account in made:
            outcome, _ = client.command("create_account", "accounts", f"{ACCOUNTS}CreateAccount", {
                "id": account, "name": f"Account {account}", "status": "ACCOUNT_STATUS_ACTIVE", "tier": "TIER_STANDARD",
                "owner_id": self.known.some("staff", random)[0]}, kind="account", id=account)
            assert outcome == "ok"
        return made

    def open_tickets(self, accounts, count, clients=1):
        """So many, in turn on these accounts, by clients that do not wait for each other."""

        def work(number):
            client = self.client()
            for turn in range(number, count, clients):
                ticket = str(uuid.uuid4())
                client.command("open_ticket", "tickets", f"{TICKETS}OpenTicket", {
                    "account_id": accounts[turn % len(accounts)], "id": ticket, "name": "No dial tone",
                    "priority": "PRIORITY_P3"}, kind="ticket", id=ticket)

        with ThreadPoolExecutor(clients) as together:
            list(together.map(work, range(clients)))

    def change_accounts(self, accounts, clients, over):
        """All the time, each client one of these accounts, which nobody is mailed about."""

        def work(number):
            client, turn = self.client(), 0
            while not over.is_set():
                turn += 1
                client.command("change_account", "accounts", f"{ACCOUNTS}ChangeAccount", {
                    "id": accounts[number % len(accounts)], "representative": f"Representative {turn}"}, kind="account")

        with ThreadPoolExecutor(clients) as together:
            list(together.map(work, range(clients)))

    def subscribe(self):
        """To what becomes of tickets."""
        subscription = str(uuid.uuid4())
        outcome, _ = self.client().command("subscribe", "notifications", f"{SUBSCRIPTIONS}CreateSubscription", {
            "id": subscription, "callback_url": f"{self.stack.webhooks.url}/{subscription}",
            "event_names": ["ticket-opened"]}, repeatable=False, kind="subscription", id=subscription)
        assert outcome == "ok"
        return subscription

    def wait_for_effects(self):
        """Webhooks and mails that are to go are gone, without the waits between attempts; what never will is found."""
        still = lambda table: self.stack.databases.query(
            "notifications", f"SELECT FROM {table} WHERE agency_id = '{self.agency}' AND ended_at IS NULL")

        def are_gone():
            if still("deliveries"):
                self._hurry()
            return not still("deliveries") and not still("messages")

        self.stack.becomes(are_gone, 20)

    def _hurry(self):
        """A subscription that is resumed sends at once."""
        for row in self.stack.databases.query("notifications", f"SELECT id FROM subscriptions WHERE agency_id = '{self.agency}'"):
            for method in ("PauseSubscription", "ResumeSubscription"):
                self.caller.call("notifications", f"{SUBSCRIPTIONS}{method}", {"id": row["id"]}, "hurry", 10)

    def evidence(self):
        self.stack.settle()
        if not self.is_refused:
            self.wait_for_effects()
            self.stack.settle()
        tables = {name: [row for row in rows if row.get("agency_id", self.agency) == self.agency]
                  for name, rows in read_tables(self.stack).items()}
        read = read_log(self.stack.brokers, self.stack.protos, [*TOPICS, *(f"{topic}.dlq" for topic in TOPICS)])
        events = [each for each in read if each["agency"] == self.agency]
        poison = {each["id"] for each in self.poison}
        log = [each for each in events if not each["topic"].endswith(".dlq") and each["id"] not in poison]
        own = {row["id"] for row in tables["notifications.subscriptions"]}
        return Evidence(
            operations=operations(self.history), log=log, arrivals=log, tables=tables,
            dead=[each for each in events if each["topic"].endswith(".dlq")],
            poison=self.poison,
            webhooks=[each for each in self.stack.history.of("webhook") if each["subscription"] in own],
            mails=[each for each in self.stack.history.of("mail") if self.mail in each["to"]],
            invariants=[each for program in self.stack.running() for each in self._invariants(program)],
        )

    def _invariants(self, program):
        _, answer, reason = self.caller.call(program, VERIFY, {}, "final", 30)
        return answer["invariants"] if answer else [
            {"service": program, "name": "verify", "holds": False, "detail": reason}]

    def findings(self):
        """Check -> findings: those of every history, and what holds where nothing has failed or been read late."""
        evidence = self.evidence()
        return checks.find(evidence) | {"own-writes-are-read": [
            f"{shown} was read after {wrote} was acknowledged" for wrote, shown in self.reads if wrote != shown]}

    def findings_in_peace(self):
        evidence = self.evidence()
        return checks.find(evidence) | peace_checks.find(evidence)


def crowd(stack):
    """Sixteen clients at once on four accounts; no two commits take equally long, as on a disk that others use."""
    case = Case(stack)
    accounts = case.accounts(4)
    with stack.uneven_commits("tickets"):
        case.open_tickets(accounts, 240, clients=16)
    return case.findings_in_peace()


def two_relays(stack):
    """Two processes of a service, and nothing fails."""
    case = Case(stack)
    case.open_tickets(case.accounts(1), 60, clients=8)
    return case.findings_in_peace()


def two_mailers(stack):
    case = Case(stack)
    case.open_tickets(case.accounts(4), 60, clients=4)
    return case.findings_in_peace()


def postgres_dies(stack):
    """Killed in the midst of commands, with all that it has in memory."""
    case = Case(stack)
    accounts = case.accounts(8)
    stack.settle()
    stack.keep_log_in_memory()
    over = threading.Event()
    with ThreadPoolExecutor(1) as beside:
        commands = beside.submit(case.change_accounts, accounts, 8, over)
        stack.wait(lambda: case.history.count("response") > 200, "the clients are at work")
        stack.kill_postgres()
        over.set()
        commands.result()
    return case.findings()


def outbox_is_locked(stack):
    """Somebody locks the outbox for longer than a caller waits: the command is done whole, or not at all."""
    case = Case(stack)
    account = case.accounts(1)[0]
    stack.settle()
    with stack.held("accounts", "LOCK TABLE runtime.outbox IN EXCLUSIVE MODE"):
        case.ask("change", "change.0", "accounts", f"{ACCOUNTS}ChangeAccount", {"id": account, "representative": "Lee"},
                 1.5, kind="account")
        stack.wait(lambda: not stack.databases.query("accounts", A_LOCK_IS_WAITED_FOR), "the service has given up")
    return case.findings()


def kafka_is_cut(stack):
    """Kafka is out of reach, and somebody takes the lease from a relay that has a batch on its way."""
    case = Case(stack)
    accounts = case.accounts(1)
    stack.settle()
    stack.proxy.cut()
    case.open_tickets(accounts, 3)
    term = stack.databases.query("tickets", "SELECT term FROM runtime.leases WHERE name LIKE '%.relay'")[0]["term"]
    stack.databases.change("tickets", "UPDATE runtime.leases SET owner = gen_random_uuid(), term = term + 1, "
                            "expires_at = clock_timestamp() + interval '3 s' WHERE name LIKE '%.relay'")
    # It has heard of that, and has it back.
    stack.wait(lambda: stack.databases.query("tickets", f"SELECT FROM runtime.leases WHERE name LIKE '%.relay' AND term > {term + 1}"), "the relay leads")
    stack.proxy.heal()
    return case.findings()


def effects_are_late(stack):
    """Somebody locks what the handlers need; meanwhile events come, and the service is ended and started."""
    case = Case(stack)
    accounts = case.accounts(3)
    case.subscribe()
    stack.settle()
    mutant = stack.mutants["notifications"]
    with stack.held("notifications", "LOCK TABLE subscriptions"):
        case.open_tickets(accounts, 12, clients=3)
        stack.wait(lambda: stack.databases.query("notifications", A_LOCK_IS_WAITED_FOR), "a handler waits")
        stack.end("notifications")
        stack.run(mutant, ["notifications"])
    return case.findings()


def effects_wait(stack):
    """Events have gathered, and while they are handled together somebody locks what their handlers need."""
    case = Case(stack)
    accounts = case.accounts(6)
    case.subscribe()
    stack.settle()
    mutant = stack.mutants["notifications"]
    stack.end("notifications")
    case.open_tickets(accounts, 48, clients=12)
    stack.wait(lambda: not stack.databases.query("tickets", "SELECT FROM runtime.outbox"), "the events are on Kafka")
    taken = stack.databases.query("notifications", "SELECT count(*) FROM runtime.inbox")
    are_begun = lambda: (stack.databases.query("notifications", A_LOCK_IS_WAITED_FOR)
                         or stack.databases.query("notifications", "SELECT count(*) FROM runtime.inbox") != taken)
    with stack.held("notifications", "LOCK TABLE subscriptions"):
        stack.run(mutant, ["notifications"])
        stack.wait(are_begun, "the events are begun")
        threading.Event().wait(0.5)  # they give way after a tenth of a second
    return case.findings()


def poison(stack):
    """An event arrives whose data nobody can read, and everybody has a use for."""
    case = Case(stack)
    case.subscribe()
    stack.settle()
    event = str(uuid.uuid4())
    topic, key = "holdfast.tickets", f"{case.agency}/{event}"
    case.poison.append({"id": event, "topic": topic, "key": key})
    headers = {"ce_specversion": "1.0", "ce_id": event, "ce_type": "holdfast.ticket-opened.v1", "ce_sequence": "1",
               "ce_time": "2026-12-01T15:00:00Z", "ce_agency": case.agency}
    producer = confluent_kafka.Producer({"bootstrap.servers": stack.brokers, "log_level": 0})
    producer.produce(topic, b"\xff\xff no protobuf", key, headers=list(headers.items()))
    producer.flush(10)
    return case.findings()


def repeats(stack):
    """A caller that does not wait for the answer and asks again at once."""
    case = Case(stack)
    account = case.accounts(1)[0]
    with ThreadPoolExecutor(3) as together:
        for number in range(12):
            request = {"account_id": account, "name": "No dial tone", "priority": "PRIORITY_P3", "request_id": str(number)}
            asked = [together.submit(case.ask, str(number), f"{number}.{attempt}", "tickets", f"{TICKETS}OpenTicket",
                                     request, 10, kind="ticket") for attempt in range(3)]
            case.may_be_there("ticket", asked[0].result()["id"])
    return case.findings()


def answer_is_lost(stack, mutant=""):
    """The connection is cut between a command that may not be repeated and its answer; the client is told to try."""
    case = Case(stack)
    cutting = CuttingProxy(int(stack.addresses["notifications"].split(":")[1]))
    elsewhere = stack.state / f"cut-{cutting.port}"
    elsewhere.mkdir()
    description = json.loads((stack.state / "holdfast.json").read_text())
    description["addresses"]["grpc"]["notifications"] = f"127.0.0.1:{cutting.port}"
    (elsewhere / "holdfast.json").write_text(json.dumps(description))
    told = []
    made = f"SELECT id FROM subscriptions WHERE agency_id = '{case.agency}' ORDER BY created_at"
    for number in range(3):
        cutting.cut_next()
        stack.command_line("subscriptions", "create", f"{stack.webhooks.url}/{number}", "--event-names",
                           "contract-created", key=case.key, mutant=mutant, state=elsewhere, expect=None)
        # It may have made one, of which it was not told.
        told += [row["id"] for row in stack.databases.query("notifications", made) if row["id"] not in told][:1]
    for subscription in told:
        case.may_be_there("subscription", subscription)
    assert cutting.has_cut == 3
    cutting.close()
    return case.findings()


def read_at_once(stack):
    """Clients read one card all the time; a writer changes it and reads it as soon as that is acknowledged."""
    case = Case(stack)
    account = case.accounts(1)[0]
    over = threading.Event()
    card = lambda: case.caller.call("accounts", CARD, {"account_id": account}, "read", 10)[1]

    def read():
        while not over.is_set():
            card()

    client = case.client()
    with ThreadPoolExecutor(6) as readers:
        for _ in range(6):
            readers.submit(read)
        try:
            for turn in range(120):
                name = f"Account {account} {turn}"
                outcome, _ = client.command("change_account", "accounts", f"{ACCOUNTS}ChangeAccount",
                                            {"id": account, "name": name}, kind="account")
                assert outcome == "ok"
                case.reads.append((name, card()["accountName"]))
                if case.reads[-1][0] != case.reads[-1][1]:
                    break
        finally:
            over.set()
    return case.findings()


def a_timer_fails(stack):
    """A reminder falls due while somebody holds its contract; it is due still when he lets go."""
    case = Case(stack)
    account, contract = case.accounts(1)[0], str(uuid.uuid4())
    month = stack.command_line("clock", "show", key=case.key)[0]["businessNow"][:7]
    # It ends in six months, so that its first reminder, 120 days before the notice is due, is a month away.
    outcome, _ = case.client().command("create_contract", "contracts", f"{CONTRACTS}CreateContract", {
        "account_id": account, "id": contract, "number": contract, "carrier_name": "Lumen",
        "plan": {"term_clock": "TERM_CLOCK_INSTALL", "term_start": f"{month}-01", "term_months": 6,
                 "end_of_term_action": "END_OF_TERM_ACTION_ROLL", "notice_value": 30,
                 "notice_unit": "NOTICE_UNIT_CALENDAR_DAYS", "time_zone": "America/New_York"},
    }, kind="contract", id=contract)
    assert outcome == "ok"
    stack.settle()
    with stack.held("contracts", f"SELECT FROM contracts WHERE id = '{contract}' FOR UPDATE"):
        stack.command_line("clock", "advance", "35d", key=case.key)
    # Each attempt has doubled the wait until the next, up to five minutes, and how many there were depends on the machine.
    stack.command_line("clock", "advance", "6m", key=case.key)
    return case.findings()


def mail_is_refused(stack):
    """The mail server says "later"."""
    case = Case(stack)
    stack.mails.refuse = {case.mail}
    case.is_refused = True
    case.open_tickets(case.accounts(1), 1)
    stack.settle()
    tried = f"SELECT FROM messages WHERE agency_id = '{case.agency}' AND attempts > 0 AND state <> 'inProgress'"
    stack.wait(lambda: stack.databases.query("notifications", tried), "the mail was tried")
    return case.findings()


def webhook_is_refused(stack):
    """The target refuses the first of three webhooks of one account, and takes it the next time."""
    case = Case(stack)
    accounts = case.accounts(1)
    subscription = case.subscribe()
    stack.webhooks.bad_answers = 1
    case.open_tickets(accounts, 1)
    refused = lambda: [each for each in stack.history.of("webhook") if each["subscription"] == subscription]
    stack.wait(refused, "the first webhook was refused")
    stack.webhooks.bad_answers = 0
    case.open_tickets(accounts, 2)
    return case.findings()
