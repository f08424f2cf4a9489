"""Commands that have to be refused, or only look: whatever becomes of them, they leave nothing behind."""

TICKETS = "holdfast.tickets.v1.TicketService/"
KINDS = [
    "unknown_account",
    "used_id",
    "too_long",
    "may_not",
    "stale_etag",
    "no_such_day",
    "other_request",
    "only_looks",
]


class WrongCommands:
    def __init__(self, client, known, world):
        self._client = client
        self._known = known
        self._world = world

    def send(self, chance):
        """One of them, unless what it needs is not there yet."""
        kind = chance.choice(KINDS)
        found = getattr(self, f"_{kind}")(chance)
        if found:
            where, path, request, intent = found
            self._client.command(f"wrong_{kind}", where, path, request, **{"wrong": True, **intent})

    def _open(self, chance, **fields):
        account = self._known.some("account", chance)[0]
        ticket = {"account_id": account, "id": self._client.new_id(), "name": "wrong", "priority": "PRIORITY_P3"}
        return "tickets", f"{TICKETS}OpenTicket", {**ticket, **fields}

    def _unknown_account(self, chance):
        return *self._open(chance, account_id=self._client.new_id()), {}

    def _used_id(self, chance):
        ticket = self._known.some("ticket", chance)
        return ticket and (*self._open(chance, id=ticket[0]), {})

    def _only_looks(self, chance):
        """validate_only: answered as if it were done, and undone."""
        return *self._open(chance, validate_only=True), {"wrong": False, "only_looks": True}

    def _too_long(self, chance):
        request = {"id": self._client.new_id(), "name": "x" * 70000, "owner_id": self._known.some("staff", chance)[0]}
        return "accounts", "holdfast.accounts.v1.AccountService/CreateAccount", request, {}

    def _other_request(self, chance):
        """The request_id of another command of the same method."""
        used = self._client.last_account_request
        request = {"id": self._client.new_id(), "name": "another", "owner_id": self._known.some("staff", chance)[0]}
        path = "holdfast.accounts.v1.AccountService/CreateAccount"
        return used and ("accounts", path, {**request, "request_id": used}, {"repeatable": False})

    def _may_not(self, chance):
        request = {"account_id": self._known.some("account", chance)[0], "id": self._client.new_id(), "number": "none"}
        path = "holdfast.contracts.v1.ContractService/CreateContract"
        return "contracts", path, request, {"key": self._world.reading_key}

    def _stale_etag(self, chance):
        ticket = self._known.some("ticket", chance)
        request = ticket and {"id": ticket[0], "owner_id": self._known.some("staff", chance)[0], "etag": "1000000"}
        return ticket and ("tickets", f"{TICKETS}AssignTicket", request, {})

    def _no_such_day(self, chance):
        contract = self._known.some("contract", chance)
        path = "holdfast.contracts.v1.ContractService/TerminateContract"
        return contract and ("contracts", path, {"id": contract[0], "last_day": "2027-02-30"}, {})
