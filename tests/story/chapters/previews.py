import csv
import json

from chapter import Chapter
from installation import CHECKOUT

CASES = CHECKOUT / "tests" / "data" / "cases"
# What is printed of a case, and the column that holds what is expected; an empty cell is an empty text.
COLUMNS = {
    "rolls": "rolls", "currentTermStart": "current_term_start", "currentTermEnd": "current_term_end",
    "ended": "ended", "noticeDeadline": "notice_deadline", "daysLeft": "days_left",
    "actionableEnd": "actionable_end", "actionableDeadline": "actionable_deadline",
}


def as_in_files(value):
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


class Previews(Chapter):
    """Every worked case, with everything that is expected of it."""

    def test_the_dates_of_contracts(self):
        file = CASES / "notice.csv"
        with file.open(newline="") as opened:
            expected = list(csv.DictReader(opened))
        self.assertEqual(len(expected), 40)
        for case, line in zip(expected, self.here.holdfast("contracts", "preview", "--cases", file), strict=True):
            self.assertEqual(list(line), ["id", *COLUMNS])
            self.assertEqual(line["id"], case["id"])
            for name, column in COLUMNS.items():
                self.assertEqual(as_in_files(line[name]), case[column], f"{case['id']} {column}")

    def test_the_clocks_of_tickets(self):
        file = CASES / "sla.json"
        expected = json.loads(file.read_text())
        self.assertEqual(len(expected), 40)
        for case, line in zip(expected, self.here.holdfast("tickets", "preview-sla", file), strict=True):
            self.assertEqual(list(line), ["id", "due", "warn", "elapsed"])
            self.assertEqual(line, {"id": case["id"], **case["expect"]})
