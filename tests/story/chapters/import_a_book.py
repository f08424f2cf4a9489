import csv
import json
import subprocess
import time

from chapter import Chapter
from installation import CHECKOUT

DATA = CHECKOUT / "tests" / "data"
BOOK = DATA / "agency-book" / "book.xlsx"
TRUTH = json.loads((DATA / "agency-book" / "truth.json").read_text())
TOTALS = ("rowsRead", "created", "updated", "unchanged", "rejected")


class ImportABook(Chapter):
    """Leaves the sample book in the agency."""

    def import_(self, *arguments, expect=1):
        """Partly rejected, as most books are."""
        return self.here.holdfast("import", *arguments, "--rejects", self.here.state / "rejects.csv", expect=expect)

    def expected(self):
        sheets = TRUTH["sheets"].values()
        return {name: sum(sheet[key] for sheet in sheets) for name, key in zip(
            TOTALS, ("rows_read", "created", "updated", "unchanged", "rejected"))}

    def totals(self, answer):
        return {name: answer[name] for name in TOTALS}

    def test_1_a_dry_run_gives_every_verdict_and_writes_nothing(self):
        before = self.here.holdfast("deadlines", "--within", "3660d")
        *rows, answer = self.import_(BOOK, "--dry-run")
        self.assertEqual(self.totals(answer), self.expected())
        self.assertEqual(len(rows), answer["rowsRead"])
        rejected = [row for row in rows if row["verdict"] == "ROW_VERDICT_REJECTED"]
        self.assertEqual(len(rejected), len(TRUTH["rejected"]))
        self.assertEqual(self.here.holdfast("deadlines", "--within", "3660d"), before)

    def test_2_a_server_that_is_killed_in_the_middle_goes_on_by_itself(self):
        command = [CHECKOUT / "tools" / "holdfast", "import", BOOK, "--json", "--rejects",
                   self.here.state / "rejects.csv"]
        importing = subprocess.Popen([str(part) for part in command], env=self.here.environment,
                                     stdout=subprocess.PIPE, text=True)
        self.kill_when_something_is_applied()
        self.here.up()
        printed, _ = importing.communicate(timeout=120)
        self.assertEqual(importing.returncode, 1)
        answer = json.loads(printed.splitlines()[-1])
        self.assertEqual(self.totals(answer), self.expected())
        self.assertEqual(answer["rejectsFile"], str(self.here.state / "rejects.csv"))

    def test_3_rejected_rows_come_back_with_their_reasons(self):
        with open(self.here.state / "rejects.csv", encoding="utf-8-sig", newline="") as file:
            rejects = {(line["sheet"], int(line["row"])): line["reason"] for line in csv.DictReader(file)}
        self.assertEqual(len(rejects), len(TRUTH["rejected"]))
        for row in TRUTH["rejected"]:
            self.assertIn(rejects[row["sheet"], row["row"]], {row["reason"], *row.get("also_ok", ())})

    def test_4_the_second_time_nothing_is_created_and_nothing_changed(self):
        answer = self.import_(BOOK)[-1]
        self.assertEqual((answer["created"], answer["updated"]), (0, 0))
        self.assertEqual(answer["rejected"], self.expected()["rejected"])
        delimited = self.import_(DATA / "agency-book" / "csv", "--mapping", DATA / "agency-book" / "mapping.json")[-1]
        self.assertEqual(delimited["created"], 0)

    def test_5_contracts_have_their_deadlines(self):
        deadlines = self.here.holdfast("deadlines", "--within", "3660d")
        found = {line["contract"]["number"]: line["contract"]["currentTerm"]["noticeDeadline"] for line in deadlines}
        expected = {contract["number"]: contract["notice_deadline"] for contract in TRUTH["contracts"]
                    if contract["notice_deadline"] and contract["state"] == "active"}
        self.assertEqual({number: found.get(number) for number in expected}, expected)

    def kill_when_something_is_applied(self):
        query = "SELECT coalesce(max(records_done), 0) FROM imports WHERE NOT dry_run"
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and int(self.here.value_in("accounts", query)) == 0:
            pass
        self.here.kill()
