"""Two agencies on one installation: whatever one of them asks, it learns and touches nothing of the other's."""

import argparse
import json
import pathlib
import re
import sys
import unittest
import uuid

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(CHECKOUT / "tests" / "absences"))

import life  # noqa: E402
import policies  # noqa: E402
from books import SERVICES, Books  # noqa: E402
from receivers import MailServer, Target  # noqa: E402
from rpcs import Rpcs  # noqa: E402
from stand import Agency, Stand, installation, process  # noqa: E402
from tenant import Tenant  # noqa: E402

ARGUMENTS = argparse.Namespace()
HERE = argparse.Namespace()

# Of which kind the thing is that a field names.
KINDS = {
    "account_id": "account", "account_ids": "account", "carrier_account_id": "carrier_account", "carrier_id": "carrier",
    "contact_id": "contact", "contract_id": "contract", "delivery_id": "delivery", "event_id": "event",
    "location_id": "location", "location_ids": "location", "owner_id": "staff", "parent_id": "account",
    "product_id": "product", "subscription_id": "subscription", "ticket_id": "ticket",
}
NOT_OURS = {"circuit_id": "what a carrier calls a circuit", "request_id": "the caller's own; see the tests of it"}
# Fields of which only one is given, by RPC.
ONE_OF = {
    **dict.fromkeys(("ProductService/SetVerification", "ProductService/ListVerifications",
                     "ProductService/RevealVerification"), {"carrier_account_id", "product_id"}),
    "LookupService/GetOutageCard": {"account_id", "location_id", "product_id"},
}
# Where life's own request is answered only once.
AGAIN = {"ImportService/StartImport": {"id": "$waiting", "owner_id": "$staff"}}
# Where an id is not looked for, since its owner is another service or the row itself says all that is needed. Any id is
# taken: of these is asked that another agency's is taken as one that there never was, tells nothing, and touches nothing.
TAKEN = {
    ("ProductService/AddProduct", "contract_id"), ("ProductService/ChangeProduct", "contract_id"),
    ("ContractService/CreateContract", "carrier_id"), ("ContractService/AmendContract", "carrier_id"),
    *(("ContractService/ImportContracts", name) for name in ("id", "account_id", "location_id", "carrier_id")),
    *(("OrderService/ImportOrders", name) for name in ("id", "account_id")),
    # A filter over the agency's own events, of accounts that may yet come.
    ("SubscriptionService/CreateSubscription", "account_ids"), ("SubscriptionService/ChangeSubscription", "account_ids"),
}


def setUpModule():
    HERE.rpcs = Rpcs(ARGUMENTS.build)
    HERE.mail = MailServer()
    unittest.addModuleCleanup(HERE.mail.end)
    HERE.stand = stand = Stand(ARGUMENTS.build, ARGUMENTS.preset, f"{ARGUMENTS.build}/tenants", apart=False)
    unittest.addModuleCleanup(stand.end)
    stand.start({
        "HOLDFAST_NOTIFICATIONS_MAIL_SMTP_URL": HERE.mail.url,
        "HOLDFAST_NOTIFICATIONS_MAIL_FROM": "holdfast@agency.example",
        "HOLDFAST_NOTIFICATIONS_MAIL_TLS": "whenOffered",
        "HOLDFAST_NOTIFICATIONS_WEBHOOKS_ALLOW_PRIVATE_TARGETS": "true",
    })
    HERE.books = Books(process.running(stand.state, "postgres"))
    HERE.rpcs.connect(stand.described["addresses"]["grpc"]["accounts"])
    HERE.one, HERE.other = tenant("Zweigelt", "0101", "127.0.0.3"), tenant("Furmint", "0102", "127.0.0.4")


def tenant(name, digits, address):
    target = Target(address)
    unittest.addModuleCleanup(target.end)
    made = Tenant(HERE.rpcs, Agency(HERE.stand, name), name, digits, target.url)
    made.live(life.STEPS[:-len(life.OPERATIONS)])
    made.have_a_dead_letter(HERE.stand.described["addresses"]["kafka"], HERE.stand.state / "event.bin")
    made.live(life.OPERATIONS)
    return made


def template(path):
    """A request of this RPC that is good."""
    steps = (*life.STEPS, *life.REFUSED, *life.LAST)
    return AGAIN.get(path) or next((request for rpc, request, _ in steps if rpc == path), None)


def made_by(path):
    """The name under which life keeps the id of what this RPC makes."""
    kept = next((keep for rpc, _, keep in life.STEPS if rpc == path), {})
    return next((name for name, where in kept.items() if where.split(".")[-1] == "id"), "agency")


def at(message, where):
    """What stands there in a request; of repeated messages, in the first."""
    for name in where:
        message = message[0] if isinstance(message, list) else message
        message = message.get(name) if message else None
    return message


def naming(path, request, where, field, value):
    """The request with this value there."""
    request = json.loads(json.dumps(request))
    within = request
    for name in where[:-1]:
        within = within.setdefault(name, {})
        within = within[0] if isinstance(within, list) else within
    if field.name in ONE_OF.get(path, ()):
        within = request = {name: value for name, value in request.items() if name not in ONE_OF[path]}
    within[field.name] = [value] if field.label == field.LABEL_REPEATED else value
    return request


class EveryRpc(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.rpcs, self.books, self.one, self.other = HERE.rpcs, HERE.books, HERE.one, HERE.other

    def named(self):
        """(RPC, place, field, kind) of every id that a request can hold."""
        for path in self.rpcs.methods:
            for where, field in self.rpcs.fields(path):
                if field.name in NOT_OURS or not re.search(r"(^|_)ids?$", field.name):
                    continue
                given = at(template(path), where)
                given = given[0] if isinstance(given, list) else given
                self.assertTrue(given or field.name == "id" or field.name in KINDS, f"{path} {where}: of which kind?")
                kind = given.strip("$") if given else KINDS.get(field.name, made_by(path))
                yield path, where, field, kind, not given and field.name == "id" or (path, field.name) in TAKEN

    def check_tells_nothing(self, path, answer, but=()):
        words = json.dumps(answer.message) + answer.words
        told = [word for word in self.one.known_words() if word in words and word not in but]
        self.assertEqual(told, [], f"{path}: {answer}")

    def check_alike(self, path, where, field, kind, besides=None):
        """Another agency's id is answered as one that there never was."""
        theirs = self.one.kept[kind]
        nobody = uuid.uuid4().hex[:len(theirs)] if kind == "key" else str(uuid.uuid4())
        told = {}
        for asked in (nobody, theirs):
            request = {**self.other.filled(template(path)), **(besides or {})}
            told[asked] = self.other.call(path, naming(path, request, where, field, asked))
        alike = [(one.code, one.reason, one.fields, one.words.replace(asked, "")) for asked, one in told.items()]
        self.assertEqual(alike[0], alike[1])
        self.check_tells_nothing(path, told[theirs], but=(theirs,))
        return told[theirs]

    def check_books(self, before, *agencies):
        """What the agencies had is what they have."""
        now = self.books.of(*agencies)
        self.assertEqual({name: (before[name], had) for name, had in now.items() if had != before[name]}, {})

    def test_1_every_rpc_is_known_here(self):
        unknown = [path for path in self.rpcs.methods if template(path) is None]
        self.assertEqual(unknown, [], "RPCs that life.py never calls")
        self.assertGreater(len(self.rpcs.methods), 80)

    def test_2_what_each_is_answered_is_its_own(self):
        # Both have made the same requests with the same request_ids, the second while all of the first's stood there.
        for path, answer in self.other.answers:
            with self.subTest(path):
                self.check_tells_nothing(path, answer)

    def test_3_another_agencys_id_is_not_found_and_leaves_no_trace(self):
        self.other.settle()
        agencies = self.one.kept["agency"], self.other.kept["agency"]
        before, asked = self.books.of(*agencies), 0
        self.assertGreater(sum(rows for rows, _ in before.values()), 200)
        for path, where, field, kind, taken in self.named():
            if taken:
                continue
            asked += 1
            with self.subTest(path, where=where):
                answer = self.check_alike(path, where, field, kind)
                if answer.code == "OK":
                    lists = [value for value in answer.message.values() if isinstance(value, list)]
                    self.assertEqual(lists, [[]], answer)
                else:
                    self.assertEqual(answer.code, "NOT_FOUND", answer)
                    self.assertTrue(answer.reason, answer)
                    self.assertTrue(answer.fields or path == "OperationsService/RedriveDeadLetter", answer)
        self.other.settle()
        self.check_books(before, *agencies)
        print(f"{len(self.rpcs.methods)} RPCs: {asked} times another agency's id, found nowhere")

    def test_4_another_agencys_place_in_a_list_shows_ones_own(self):
        tokens = 0
        for path, method in self.rpcs.methods.items():
            if "page_token" not in method.input_type.fields_by_name:
                continue
            small = {"page_size": 1} if "page_size" in method.input_type.fields_by_name else {}
            token = self.one.call(path, {**self.one.filled(template(path)), **small}).message["next_page_token"]
            tokens += bool(token)
            with self.subTest(path):
                answer = self.other.call(path, {**self.other.filled(template(path)), **small, "page_token": token})
                self.assertEqual(answer.code, "OK", answer)
                self.check_tells_nothing(path, answer)
        self.assertGreater(tokens, 12)

    def test_5_what_another_agency_calls_its_things_finds_nothing(self):
        name = self.one.name
        for query in (name, f"{name} Trust", f"{name}-1", f"{name}-7", f"{name}/1", f"+1212555{self.one.digits}"):
            found = self.one.call("LookupService/LookUp", {"query": query}).message["matches"]
            self.assertTrue(found, f"its own agency finds {query}")
            answer = self.other.call("LookupService/LookUp", {"query": query})
            self.assertEqual((answer.code, answer.message["matches"]), ("OK", []), query)

    def test_6_what_is_about_the_whole_installation_tells_and_does_ones_own(self):
        before = self.books.of(self.one.kept["agency"])
        for path, request, reason in life.REFUSED:
            answer = self.other.call(path, self.other.filled(request))
            self.assertEqual(answer.reason, reason, answer)
            self.check_tells_nothing(path, answer)
        self.other.live(life.LAST)
        self.assertEqual(self.other.answers[-1][1].message["refused"], "1", "its own, and no other")
        self.check_books(before, self.one.kept["agency"])

    def test_7_an_id_that_the_caller_makes_up_is_its_own_whoever_else_has_it(self):
        before, asked, name = self.books.of(self.one.kept["agency"]), 0, self.other.name
        refused = {path for path, _, _ in life.REFUSED}
        for path, where, field, kind, taken in self.named():
            if not taken:
                continue
            asked += 1
            self.other.name = f"{name} {asked}"  # nothing else of the request is taken
            is_tried = "validate_only" in self.rpcs.methods[path].input_type.fields_by_name
            with self.subTest(path, where=where):
                answer = self.check_alike(path, where, field, kind, {"validate_only": True} if is_tried else {})
                self.assertEqual(answer.code, "PERMISSION_DENIED" if path in refused else "OK", answer)
        self.other.name = name
        self.other.settle()
        self.check_books(before, self.one.kept["agency"])
        print(f"{asked} times another agency's id, taken as anybody's")

    def test_8_without_policies_the_same_questions_are_answered(self):
        """That what is asked above would tell, if nothing held it off."""
        telling = set()
        before = {service: self.books.ask(service, policies.OPEN_ALL) for service in SERVICES}
        try:
            for path, where, field, kind, taken in self.named():
                request = naming(path, self.other.filled(template(path)), where, field, self.one.kept[kind])
                if not taken and path.split("/")[1].startswith(("Get", "List")):
                    answer = self.other.call(path, request)
                    telling |= {path} if answer.code == "OK" and self.one.name in json.dumps(answer.message) else set()
        finally:
            for service, statements in before.items():
                self.books.answers(service, "\n".join(statements))
        print(f"without policies, another agency's things are shown by {len(telling)} of them")
        self.assertEqual({self.rpcs.methods[path].full_name.split(".")[1] for path in telling}, set(SERVICES))


class Policies(unittest.TestCase):
    """Every policy is what holds: without it, another agency's rows are got at."""

    @classmethod
    def setUpClass(cls):
        # The tables are changed below, each in a transaction of its own: nobody should wait for them.
        state = HERE.stand.state
        process.stop(state, process.running(state, "holdfast"), patience_s=installation.DRAIN_PATIENCE_S)

    def test_1_every_table_has_one_that_binds_its_owner_too(self):
        for service in SERVICES:
            tables = HERE.books.ask(service, policies.TABLES)
            self.assertGreater(len(tables), len(policies.WITHOUT))
            for table in tables:
                with self.subTest(service, table=table["name"]):
                    guarded = bool(table["guarded"] and table["forced"] and table["policies"])
                    self.assertEqual(guarded, table["name"] not in policies.WITHOUT)
                    self.assertEqual(table["owner"], f"holdfast_{service}_owner")

    def test_2_nothing_passes_by_them_but_what_is_named_here(self):
        for service in SERVICES:
            self.assertEqual(HERE.books.ask(service, policies.VIEWS), [], service)
            self.assertEqual(set(HERE.books.ask(service, policies.FUNCTIONS)) - set(policies.AS_OWNER), set(), service)
        roles = HERE.books.ask("accounts", policies.ROLES)
        self.assertEqual([role["name"] for role in roles if role["super"] or role["bypass"]], [])
        self.assertEqual(len(roles), len(SERVICES))

    def test_3_each_holds_and_nothing_does_without_it(self):
        proven = 0
        for service in SERVICES:
            for table in HERE.books.ask(service, policies.TABLES):
                for policy in table["policies"]:
                    with self.subTest(service, table=table["name"], policy=policy):
                        self.check_policy(service, table["name"], policy)
                        proven += 1
        self.assertGreater(proven, 40)
        print(f"{proven} policies: each taken away, and another agency's rows were got at")

    def check_policy(self, service, table, policy):
        ways = set(policies.WAYS)
        changes = {
            "": {"own"},  # one's own, and nothing else
            # It is the check of what is written as well, where there is no other.
            policies.OPENED: {"own", *ways},
            # What is changed must be seen as well, before and after it; what is added need not.
            policies.OPENED_TO_WRITE: {"own", "adds"},
            policies.OFF: {"own", *ways},
            policies.DROPPED: set(),  # it alone lets anybody in
        }
        self.assertEqual(policies.probe(HERE.books, service, table, policy, list(changes)), list(changes.values()))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True, help="the build whose program is started")
    parser.add_argument("--preset", required=True)
    parser.parse_args(namespace=ARGUMENTS)
    suite = unittest.TestLoader().loadTestsFromModule(sys.modules[__name__])
    sys.exit(not unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful())


if __name__ == "__main__":
    main()
