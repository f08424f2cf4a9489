"""Clients: a seeded mix of commands, right and wrong ones, each recorded before it is sent and when it is answered."""

import random
import threading
import uuid

from imports import ImportClient
from wrong_commands import WrongCommands

TICKETS = "holdfast.tickets.v1.TicketService/"
CONTRACTS = "holdfast.contracts.v1.ContractService/"
ACCOUNTS = "holdfast.accounts.v1.AccountService/"
SUBSCRIPTIONS = "holdfast.notifications.v1.SubscriptionService/"
PATIENCE_S = 4
CALLS_FOR_AN_ANSWER = 4
# What subscriptions ask for: one after the other, as often as there are lines. None is everything.
ASKED_FOR = [[], ["ticket-opened", "ticket-status-changed"], ["contract-created", "contract-amended"]]
ZONES = ["America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Phoenix"]
PAUSES = ["PAUSE_REASON_PENDING_CUSTOMER", "PAUSE_REASON_NO_ACCESS", "PAUSE_REASON_WAITING_CARRIER"]
# How often each is chosen among the right ones.
MIX = {
    "open_ticket": 10,
    "assign": 14,
    "pause": 4,
    "resume": 4,
    "resolve": 7,
    "reopen": 2,
    "close": 2,
    "cancel": 1,
    "create_account": 3,
    "change_account": 4,
    "add_location": 2,
    "create_contract": 5,
    "amend_contract": 5,
    "terminate_contract": 2,
    "send_notice": 2,
    "subscribe": 1,
    "import_book": 1,
}
WRONG_SHARE = 0.12
REPEATED_SHARE = 0.1
PAUSE_S = (0.0, 0.12)


class Known:
    """What clients have been told there is: shared by all of them."""

    def __init__(self):
        self._lock = threading.Lock()
        self._ids = {"account": [], "location": [], "ticket": [], "contract": [], "staff": [], "subscription": []}

    def add(self, kind, *fields):
        with self._lock:
            self._ids[kind].append(fields)

    def some(self, kind, chance, recent=None):
        with self._lock:
            found = self._ids[kind][-recent:] if recent else self._ids[kind]
            return chance.choice(found) if found else None

    def count(self, kind):
        with self._lock:
            return len(self._ids[kind])


class Client(threading.Thread):
    """One after the other: no call while another is unanswered."""

    def __init__(self, number, seed, caller, history, known, world):
        super().__init__(name=f"client {number}", daemon=True)
        self._random = random.Random(f"client {number} {seed}")
        self._number = number
        self._caller = caller
        self._history = history
        self._known = known
        self._world = world
        self._count = 0
        self._done = threading.Event()
        self.last_account_request = None
        self._imports = ImportClient(self)
        self._wrong = WrongCommands(self, known, world)
        self.failure = None

    def stop(self):
        self._done.set()

    def run(self):
        try:
            self._work()
        except Exception as error:  # ours: whoever waits for this client tells of it
            self.failure = error

    def _work(self):
        while not self._done.wait(self._random.uniform(*PAUSE_S)):
            if self._random.random() < WRONG_SHARE:
                self._wrong.send(self._random)
            else:
                name = self._random.choices(list(MIX), MIX.values())[0]
                getattr(self, f"_{name}")()

    def new_id(self):
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def command(self, verb, where, path, request, key=None, repeatable=True, **intent):
        """One thing that is wanted: asked for until there is an answer, now and then once more after it."""
        self._count += 1
        operation = f"client{self._number}-{self._count}"
        if repeatable:
            request = {**request, "request_id": operation}
        outcome, answer = self._call(verb, operation, 0, where, path, request, key, intent)
        repeats = CALLS_FOR_AN_ANSWER - 1 if repeatable else 0
        for number in range(1, repeats + 1):
            again = outcome == "unknown" or (outcome == "ok" and self._random.random() < REPEATED_SHARE)
            if not again or self._done.is_set():
                break
            self._done.wait(self._random.uniform(0.05, 0.4))
            outcome, answer = self._call(verb, operation, number, where, path, request, key, intent)
        if outcome == "ok" and verb == "create_account":
            self.last_account_request = operation
        return outcome, answer

    def _call(self, verb, operation, number, where, path, request, key, intent):
        where = self._random.choice([where, f"{where}-2"]) if f"{where}-2" in self._world.programs else where
        call = f"{operation}.{number}"
        self._history.add("invoke", operation=operation, call=call, verb=verb, where=where, request=request, **intent)
        outcome, answer, reason = self._caller.call(where, path, request, call, PATIENCE_S, key)
        self._history.add(
            "response", operation=operation, call=call, verb=verb, outcome=outcome, answer=answer, reason=reason
        )
        return outcome, answer

    # Accounts

    def create_account(self):
        account = self.new_id()
        outcome, _ = self.command(
            "create_account",
            "accounts",
            f"{ACCOUNTS}CreateAccount",
            {
                "id": account,
                "name": f"Account {account[:13]}",
                "status": "ACCOUNT_STATUS_ACTIVE",
                "tier": self._random.choice(["TIER_STANDARD", "TIER_KEY"]),
                "owner_id": self._someone(),
            },
            kind="account",
            id=account,
        )
        if outcome == "ok":
            self._known.add("account", account)
        return outcome

    _create_account = create_account

    def _change_account(self):
        self.command(
            "change_account",
            "accounts",
            f"{ACCOUNTS}ChangeAccount",
            {
                "id": self._account(),
                "representative": f"Representative {self._random.randrange(10**6)}",
            },
            kind="account",
        )

    def add_location(self):
        account, location = self._account(), self.new_id()
        outcome, _ = self.command(
            "add_location",
            "accounts",
            f"{ACCOUNTS}AddLocation",
            {
                "account_id": account,
                "id": location,
                "name": f"Site {location[:13]}",
                "time_zone": self._random.choice(ZONES),
            },
            kind="location",
            id=location,
        )
        if outcome == "ok":
            self._known.add("location", location, account)

    _add_location = add_location

    # Tickets

    def _open_ticket(self):
        ticket = self.new_id()
        request = {
            "account_id": self._account(),
            "id": ticket,
            "name": f"Ticket {ticket[:8]}",
            "priority": self._random.choice(["PRIORITY_P1", "PRIORITY_P2", "PRIORITY_P3"]),
        }
        place = self._known.some("location", self._random)
        if place and self._random.random() < 0.5:
            request.update(location_id=place[0], account_id=place[1])
        outcome, _ = self.command("open_ticket", "tickets", f"{TICKETS}OpenTicket", request, kind="ticket", id=ticket)
        if outcome == "ok":
            self._known.add("ticket", ticket)

    def _ticket_verb(self, verb, method, /, **fields):
        ticket = self._known.some("ticket", self._random, recent=20)
        if ticket:
            self.command(verb, "tickets", f"{TICKETS}{method}", {"id": ticket[0], **fields}, kind="ticket")

    def _assign(self):
        self._ticket_verb("assign", "AssignTicket", owner_id=self._someone())

    def _pause(self):
        self._ticket_verb("pause", "PauseTicket", reason=self._random.choice(PAUSES))

    def _resume(self):
        self._ticket_verb("resume", "ResumeTicket")

    def _resolve(self):
        self._ticket_verb("resolve", "ResolveTicket", resolution="The card was changed.")

    def _reopen(self):
        self._ticket_verb("reopen", "ReopenTicket")

    def _close(self):
        self._ticket_verb("close", "CloseTicket")

    def _cancel(self):
        self._ticket_verb("cancel", "CancelTicket")

    # Contracts

    def _create_contract(self):
        contract = self.new_id()
        plan = {
            "term_clock": "TERM_CLOCK_INSTALL",
            "term_start": f"{self._random.randrange(2024, 2027)}-{self._random.randrange(1, 13):02}-01",
            "term_months": self._random.choice([1, 3, 12, 24, 36]),
            "end_of_term_action": self._random.choice(
                ["END_OF_TERM_ACTION_ROLL", "END_OF_TERM_ACTION_AUTO_RENEW", "END_OF_TERM_ACTION_AUTO_DISCONNECT"]
            ),
            "notice_value": self._random.choice([30, 60, 90]),
            "notice_unit": "NOTICE_UNIT_CALENDAR_DAYS",
            "time_zone": self._random.choice(ZONES),
        }
        outcome, _ = self.command(
            "create_contract",
            "contracts",
            f"{CONTRACTS}CreateContract",
            {
                "account_id": self._account(),
                "id": contract,
                "number": f"C-{contract[:13]}",
                "carrier_name": "Lumen",
                "mrc": {"minor": self._random.randrange(10**6), "currency": "USD"},
                "plan": plan,
            },
            kind="contract",
            id=contract,
        )
        if outcome == "ok":
            self._known.add("contract", contract)

    def _contract_verb(self, verb, method, /, **fields):
        contract = self._known.some("contract", self._random, recent=60)
        if contract:
            self.command(verb, "contracts", f"{CONTRACTS}{method}", {"id": contract[0], **fields}, kind="contract")

    def _amend_contract(self):
        self._contract_verb(
            "amend_contract",
            "AmendContract",
            reason="a new price",
            mrc={"minor": self._random.randrange(10**6), "currency": "USD"},
        )

    def _terminate_contract(self):
        self._contract_verb("terminate_contract", "TerminateContract", reason="they move", last_day="2027-11-30")

    def _send_notice(self):
        self._contract_verb(
            "send_notice", "SendNotice", method="portal", reference=f"N-{self._random.randrange(10**6)}"
        )

    # Subscriptions and imports

    def subscribe(self):
        number = self._known.count("subscription")
        if number >= len(ASKED_FOR):
            return
        subscription = self.new_id()
        outcome, _ = self.command(
            "subscribe",
            "notifications",
            f"{SUBSCRIPTIONS}CreateSubscription",
            {
                "id": subscription,
                "callback_url": f"{self._world.webhook_url}/{subscription}",
                "event_names": ASKED_FOR[number],
            },
            repeatable=False,
            kind="subscription",
            id=subscription,
        )
        if outcome != "refused":
            self._known.add("subscription", subscription)
        return outcome

    _subscribe = subscribe

    def _import_book(self):
        self._imports.bring(self._random)

    def _account(self):
        return self._known.some("account", self._random)[0]

    def _someone(self):
        return self._known.some("staff", self._random)[0]
