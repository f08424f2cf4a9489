import base64
import json
import pathlib
import secrets
import urllib.request
import uuid

from chapter import Chapter, client

ACCOUNTS = "holdfast.accounts.v1.AccountService/"
AGENCIES = "holdfast.accounts.v1.AgencyService/"
CONTRACTS = "holdfast.contracts.v1.ContractService/"
TICKETS = "holdfast.tickets.v1.TicketService/"

PLAN = {
    "termClock": 2, "termStart": "2026-01-01", "termMonths": 36, "endOfTermAction": 1, "noticeValue": 90,
    "noticeUnit": 1, "timeZone": "America/New_York",
}
WITHOUT_LENGTH = {name: value for name, value in PLAN.items() if name != "termMonths"}
MEBIBYTE = 1 << 20


def raw(text):
    return base64.b64encode(text).decode()


class BadInput(Chapter):
    """Whatever is sent: it is refused by field and reason, nothing of it stays, and the processes live."""

    def test_1_there_is_another_agency(self):
        key_file = self.here.state / "keys" / "other.key"
        self.here.holdfast(
            "agencies", "create", "Elsewhere Telecom", "--time-zone", "America/Chicago", "--staff-name", "Lou",
            "--staff-email", "lou@elsewhere.example", "--key-file", str(key_file),
        )
        key = key_file.read_text().strip()

        def made(path, request):
            (result,) = self.calls([{"path": path, "request": request, "key": key}])
            self.assertIn("answer", result, result)
            return result["answer"]

        staff = made(AGENCIES + "AddStaff", {"name": "Sam", "email": "sam@elsewhere.example",
                                             "timeZone": "America/Chicago"})
        account = made(ACCOUNTS + "CreateAccount", {"name": "Somebody", "ownerId": staff["id"], "status": 3, "tier": 1})
        location = made(ACCOUNTS + "AddLocation", {"accountId": account["id"], "name": "HQ",
                                                   "timeZone": "America/Chicago"})
        self.left.theirs = {"locationId": location["id"]}

    def refusals(self):
        """Name, request, and what it must be answered: code, reason, field."""
        ticket, account = self.left.ticket["id"], self.left.account["id"]
        opening = {"accountId": account, "name": "never opened", "priority": 1}
        contract = {"accountId": account, "carrierName": "Lumen", "plan": PLAN}
        yield "an id that is none", (TICKETS + "GetTicket", {"id": "17"}), ("INVALID_ARGUMENT", "ID_INVALID", "id")
        yield "an id of nothing", (TICKETS + "GetTicket", {"id": str(uuid.uuid4())}), (
            "NOT_FOUND", "TICKET_NOT_FOUND", "id")
        yield "no id", (TICKETS + "GetTicket", {}), ("INVALID_ARGUMENT", "FIELD_REQUIRED", "id")
        yield "illegal UTF-8", (TICKETS + "OpenTicket", b"\x0a\x02\xff\xfe"), (
            "INVALID_ARGUMENT", "TEXT_NOT_UTF8", "account_id")
        yield "illegal UTF-8 within", (CONTRACTS + "CreateContract", b"\x42\x04\x0a\x02\xc3\x28"), (
            "INVALID_ARGUMENT", "TEXT_NOT_UTF8", "plan.signed_date")
        yield "U+0000", (TICKETS + "OpenTicket", {**opening, "name": "a\0b"}), (
            "INVALID_ARGUMENT", "FIELD_INVALID", "name")
        yield "a truncated message", (TICKETS + "GetTicket", b"\x0a\x7fshort"), (
            "INVALID_ARGUMENT", "MESSAGE_MALFORMED", None)
        yield "noise", (TICKETS + "OpenTicket", b"\xff" * 64), ("INVALID_ARGUMENT", "MESSAGE_MALFORMED", None)
        yield "10 MB", (TICKETS + "OpenTicket", {**opening, "description": "x" * (10 * MEBIBYTE)}), (
            "RESOURCE_EXHAUSTED", "MESSAGE_TOO_LARGE", "description")
        yield "a text of 100 KB", (TICKETS + "OpenTicket", {**opening, "description": "x" * 100_000}), (
            "INVALID_ARGUMENT", "FIELD_TOO_LONG", "description")
        yield "a name too long", (TICKETS + "OpenTicket", {**opening, "name": "x" * 201}), (
            "INVALID_ARGUMENT", "FIELD_TOO_LONG", "name")
        yield "a priority that is none", (TICKETS + "OpenTicket", {**opening, "priority": 99}), (
            "INVALID_ARGUMENT", "FIELD_INVALID", "priority")
        yield "a page token of nobody's", (TICKETS + "ListTickets", {"pageToken": "abc"}), (
            "INVALID_ARGUMENT", "PAGE_TOKEN_INVALID", "page_token")
        yield "a negative page", (TICKETS + "ListTickets", {"pageSize": -1}), (
            "INVALID_ARGUMENT", "FIELD_OUT_OF_RANGE", "page_size")
        yield "February 30", (CONTRACTS + "CreateContract", {**contract, "plan": {**PLAN, "termStart": "2026-02-30"}}), (
            "INVALID_ARGUMENT", "DATE_INVALID", "plan.term_start")
        yield "an end before its start", (
            CONTRACTS + "CreateContract",
            {**contract, "plan": {**WITHOUT_LENGTH, "termStart": "2026-02-02", "termEnd": "2026-02-01"}},
        ), ("INVALID_ARGUMENT", "END_BEFORE_START", "plan.term_end")
        yield "a zone that is none", (
            CONTRACTS + "CreateContract", {**contract, "plan": {**PLAN, "timeZone": "Mars/Olympus"}}
        ), ("INVALID_ARGUMENT", "TIME_ZONE_UNKNOWN", "plan.time_zone")
        yield "an account below itself", (ACCOUNTS + "ChangeAccount", {"id": account, "parentId": account}), (
            "ALREADY_EXISTS", "PARENT_CYCLE", "parent_id")
        yield "an account below one of those below it", (
            ACCOUNTS + "ChangeAccount", {"id": account, "parentId": self.left.child["id"]}
        ), ("ALREADY_EXISTS", "PARENT_CYCLE", "parent_id")
        yield "a stale etag", (TICKETS + "ResumeTicket", {"id": ticket, "etag": "999"}), ("ABORTED", "ETAG_STALE", "etag")
        yield "an illegal step", (TICKETS + "CloseTicket", {"id": ticket}), (
            "FAILED_PRECONDITION", "ILLEGAL_TRANSITION", None)
        yield "another account's location", (
            TICKETS + "OpenTicket", {**opening, "locationId": self.left.theirs["locationId"]}
        ), ("NOT_FOUND", "LOCATION_NOT_FOUND", "location_id")

    def test_2_it_is_refused_by_field_and_reason(self):
        self.left.child = self.here.holdfast(
            "accounts", "create", "Quiet Harbor Annex", "--owner-id", self.left.account["ownerId"], "--status", "active",
            "--parent-id", self.left.account["id"],
        )[0]
        before = self.book()
        table = list(self.refusals())
        results = self.calls([
            {"path": path, "bytes": raw(sent)} if isinstance(sent, bytes) else {"path": path, "request": sent}
            for _, (path, sent), _ in table
        ])
        for (name, _, (code, reason, field)), result in zip(table, results, strict=True):
            with self.subTest(name):
                self.assertEqual((result.get("code"), result.get("reason")), (code, reason), result)
                self.assertEqual(result["fields"], [field] if field else [], result)
        self.assertEqual(self.book(), before, "nothing of it stays")

    def test_3_a_request_id_stands_for_one_request(self):
        request = {"accountId": self.left.account["id"], "name": "Once", "priority": 3, "requestId": str(uuid.uuid4())}
        first, again, other = self.calls([
            {"path": TICKETS + "OpenTicket", "request": one} for one in (request, request, {**request, "name": "Twice"})
        ])
        self.assertEqual(first, again)
        self.assertEqual((other["reason"], other["fields"]), ("REQUEST_ID_REUSED", ["request_id"]))

    def test_4_callers_that_are_nobody_are_refused(self):
        (exchanged,) = self.calls([{"path": AGENCIES + "ExchangeKey", "key": "", "request": {"key": self.here.key}}])
        token = exchanged["answer"]["token"]
        expired = client("old_token.js", self.here.state / "keys" / "signing_key.pem", token)[0]["token"]
        callers = {
            "": "CREDENTIALS_MISSING", "hfk_none_of_ours": "CREDENTIALS_INVALID", expired: "TOKEN_EXPIRED",
            token[:-4] + "AAAA": "CREDENTIALS_INVALID", secrets.token_hex(1024): "CREDENTIALS_INVALID",
        }
        asked = [{"path": TICKETS + "GetTicket", "request": {"id": self.left.ticket["id"]}}]
        results = self.calls([{**asked[0], "key": key} for key in callers] + [{**asked[0], "key": token}])
        for reason, result in zip(callers.values(), results):
            self.assertEqual((result.get("code"), result.get("reason")), ("UNAUTHENTICATED", reason), result)
        self.assertIn("answer", results[-1], "the token itself is good")

    def test_5_the_processes_live(self):
        for name, pid in json.loads((self.here.state / "holdfast.json").read_text())["processes"].items():
            self.assertTrue(pathlib.Path(f"/proc/{pid}").exists(), name)
        for admin in self.here.addresses["admin"].values():
            with urllib.request.urlopen(f"{admin}/readyz", timeout=10) as answer:
                self.assertTrue(json.load(answer)["ready"])

    def book(self):
        """What the agency has, as far as this chapter could spoil it."""
        return self.calls([
            {"path": path, "request": {"pageSize": 500}}
            for path in (ACCOUNTS + "ListAccounts", TICKETS + "ListTickets", CONTRACTS + "ListContracts")
        ])
