import base64
import json
import pathlib
import secrets
import urllib.request
import uuid

from chapter import CLIENTS, Chapter, client
from installation import CHECKOUT, run

ACCOUNTS = "holdfast.accounts.v1.AccountService/"
AGENCIES = "holdfast.accounts.v1.AgencyService/"
CARRIERS = "holdfast.accounts.v1.CarrierService/"
CONTRACTS = "holdfast.contracts.v1.ContractService/"
PRODUCTS = "holdfast.accounts.v1.ProductService/"
TICKETS = "holdfast.tickets.v1.TicketService/"

PLAN = {
    "termClock": 2, "termStart": "2026-01-01", "termMonths": 36, "endOfTermAction": 1, "noticeValue": 90,
    "noticeUnit": 1, "timeZone": "America/New_York",
}
WITHOUT_LENGTH = {name: value for name, value in PLAN.items() if name != "termMonths"}
MEBIBYTE = 1 << 20

# Of which resource the field `id` is: in each service, and in a method that is about another.
ID_OF = {
    "GetStaff": "ownerId",
    "AccountService": "accountId", "AgencyService": "keyId", "ContractService": "contractId",
    "CarrierService": "carrierId", "DeliveryService": "deliveryId", "ImportService": "importId",
    "MessageService": "messageId", "ProductService": "productId", "SubscriptionService": "subscriptionId",
    "TicketService": "ticketId",
}
# Methods that take ids and are asked elsewhere, or answer otherwise.
NOT_ASKED = {
    AGENCIES + "CreateAgency": "is the installation's own",
    CONTRACTS + "ImportContracts": "answers a verdict a row, and takes what it does not know from the row",
    "holdfast.contracts.v1.OrderService/ImportOrders": "answers a verdict a row",
    "holdfast.notifications.v1.SubscriptionService/CreateSubscription": "its account_ids are a filter",
    "holdfast.operations.v1.OperationsService/RedriveDeadLetter": "names an event, which no agency owns",
}
# What else a request must have before anybody looks for what it names.
FILLED = {
    "name": "Somebody", "plan": PLAN, "until": "2027-01-31", "lastDay": "2027-01-31", "timeZone": "America/New_York",
    "method": "portal", "carrierName": "Lumen", "terminatedOn": "2026-12-31", "reason": "because", "value": "1234",
    "function": "repair", "phone": "+12125550100", "number": "T-2", "circuitId": "T/2",
}

# Where ids exclude each other, those that are not sent.
EXCLUDED = {
    **dict.fromkeys(("SetVerification", "ListVerifications", "RevealVerification"), ("carrierAccountId",)),
    "GetOutageCard": ("locationId", "productId"),
}
# A field of the same name may be a day in one request and an instant in another.
OF_TYPE = {"google.protobuf.Timestamp": {"seconds": 1800000000}}


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
        contact = made(ACCOUNTS + "AddContact", {"accountId": account["id"], "name": "Ann"})
        ticket = made(TICKETS + "OpenTicket", {"accountId": account["id"], "name": "Theirs", "priority": 2})
        contract = made(CONTRACTS + "CreateContract", {"accountId": account["id"], "carrierName": "Lumen",
                                                      "plan": PLAN})
        carrier = made(CARRIERS + "CreateCarrier", {"name": "Their Carrier"})
        carrier_account = made(CARRIERS + "AddCarrierAccount", {
            "carrierId": carrier["id"], "accountId": account["id"], "number": "T-1"})
        product = made(PRODUCTS + "AddProduct", {
            "accountId": account["id"], "carrierId": carrier["id"], "circuitId": "T/1"})
        another_key = made(AGENCIES + "CreateKey", {"name": "theirs", "permissions": ["tickets.read"]})
        self.left.theirs = {
            "key": key, "ownerId": staff["id"], "accountId": account["id"], "parentId": account["id"],
            "locationId": location["id"], "contactId": contact["id"], "ticketId": ticket["id"],
            "contractId": contract["id"], "keyId": another_key["id"], "carrierId": carrier["id"],
            "carrierAccountId": carrier_account["id"], "productId": product["id"],
        }

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

    def test_5_no_rpc_knows_what_another_agency_has(self):
        theirs = self.left.theirs
        before = self.book(theirs["key"])
        asked = [request for request in map(self.naming_theirs, self.methods()) if request]
        self.assertGreater(len(asked), 30)
        for request, result in zip(asked, self.calls(asked), strict=True):
            with self.subTest(request["path"]):
                if result.get("code") == "UNIMPLEMENTED":
                    continue  # declared, and served by nobody yet
                if "/List" in request["path"] and "answer" in result:
                    lists = [value for value in result["answer"].values() if isinstance(value, list)]
                    self.assertEqual(lists, [[]], result)
                else:
                    self.assertEqual(result.get("code"), "NOT_FOUND", result)
                    self.assertTrue(result["reason"] and result["fields"], result)
        self.assertEqual(self.book(theirs["key"]), before, "it is as it was")

    def test_6_the_processes_live(self):
        for name, pid in json.loads((self.here.state / "holdfast.json").read_text())["processes"].items():
            self.assertTrue(pathlib.Path(f"/proc/{pid}").exists(), name)
        for admin in self.here.addresses["admin"].values():
            with urllib.request.urlopen(f"{admin}/readyz", timeout=10) as answer:
                self.assertTrue(json.load(answer)["ready"])

    def book(self, key=None):
        """What an agency has, as far as this chapter could spoil it."""
        return self.calls([
            {"path": path, "request": {"pageSize": 500}, **({"key": key} if key else {})}
            for path in (ACCOUNTS + "ListAccounts", TICKETS + "ListTickets", CONTRACTS + "ListContracts")
        ])

    def methods(self):
        printed = run(["node", CLIENTS / "calls.js", CHECKOUT / "proto", "--methods"])
        return [json.loads(line) for line in printed.splitlines()]

    def naming_theirs(self, method):
        """A request that is good but for naming what another agency has; None for a method that names nothing."""
        service, name = method["path"].split(".")[-1].split("/")
        creates = name.startswith(("Create", "Add", "Open"))
        request, names_something = {}, False
        for field in method["fields"]:
            resource = ID_OF.get(name, ID_OF.get(service, "")) if field["name"] == "id" else field["name"]
            if field["name"] == "id" and creates or field["name"] in ("requestId", *EXCLUDED.get(name, ())):
                continue
            if resource.endswith("Id"):
                request[field["name"]] = self.left.theirs.get(resource, str(uuid.uuid4()))
                names_something = True
            elif field["enum"] and not field["repeated"] and not name.startswith("List"):
                request[field["name"]] = 1
            elif field["name"] in FILLED and not field["enum"]:
                request[field["name"]] = OF_TYPE.get(field["type"], FILLED[field["name"]])
        if not names_something or method["path"] in NOT_ASKED:
            return None
        return {"path": method["path"], "request": request}
