import json
import pathlib
import re
import subprocess
import zipfile

from chapter import Chapter
from installation import CHECKOUT

BOOK = CHECKOUT / "tests" / "data" / "agency-book" / "book.xlsx"
MEBIBYTE = 1 << 20
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
# What reading a file that turns out to be none may cost a process, beyond what a good book has cost it before.
MORE_MEMORY_MIB = 100

PROGRAM, SCRIPT = "=cmd|'/C calc'!A0", "<script>alert(1)</script>"
CUSTOMERS = f"""\
Customer,Loc,City,ST,Zip,Site Contact,E-mail
{PROGRAM},HQ,Boston,MA,02110,Jan,jan@formula.example
{SCRIPT},HQ,Boston,MA,02110,Ann,ann@script.example
"=HYPERLINK(""http://elsewhere.example/{'x' * 600}"")",HQ,Boston,MA,02110,,
"""


class BadFiles(Chapter):
    """What poses as a book is refused by name, and nothing of it is applied. Needs `account`; leaves two customers."""

    def test_1_what_is_no_book_is_refused_by_name(self):
        book = BOOK.read_bytes()
        for name, reason, content in (
            ("half.xlsx", "FILE_DAMAGED", book[: len(book) // 2]),
            ("begun.xlsx", "FILE_DAMAGED", book[:100]),
            ("short.xlsx", "FILE_DAMAGED", book[:-10]),
            ("scan.csv", "FILE_UNKNOWN", b"%PDF-1.4"),
            ("latin.csv", "TEXT_NOT_UTF8", b"\xef\xbb\xbfCustomer,City\nCaf\xe9,Boston\n"),
        ):
            with self.subTest(name):
                self.refused(name, reason, content)

    def test_2_a_zip_bomb_is_told_by_what_it_becomes(self):
        before = self.most_memory()
        for name, text_of in (
            ("sheet.xlsx", lambda blanks: {"xl/worksheets/sheet1.xml": sheet('<c r="A1" t="inlineStr"><is><t>', blanks)}),
            ("strings.xlsx", lambda blanks: {"xl/sharedStrings.xml": (b"<sst><si><t>", blanks, b"</t></si></sst>")}),
        ):
            with self.subTest(name):
                path = self.here.state / name
                write_workbook(path, text_of(256))
                self.assertLess(path.stat().st_size, 2 * MEBIBYTE)
                self.refused(name, "FILE_TOO_LARGE")
        for name, most in self.most_memory().items():
            self.assertLess(most - before[name], MORE_MEMORY_MIB, f"MiB of {name}")

    def test_3_a_formula_or_a_script_in_a_cell_is_text(self):
        path, rejects = self.here.state / "customers.csv", self.here.state / "harmless.csv"
        path.write_text(CUSTOMERS)
        answer = self.here.holdfast("import", path, "--rejects", rejects, "--owner-id", self.left.account["ownerId"],
                                    expect=1)[-1]
        self.assertEqual((answer["created"], answer["rejected"]), (2, 1))
        named = {account["name"]: account for account in self.here.holdfast("accounts", "list")}
        self.assertIn(PROGRAM, named)
        self.assertIn("'=HYPERLINK", rejects.read_text(encoding="utf-8-sig"), "harmless where a spreadsheet reads it")
        ticket = self.here.holdfast("tickets", "open", named[SCRIPT]["id"], SCRIPT, "--priority", "p1")[0]
        message = self.eventually(lambda: next((
            told for told in self.mailbox.wait_to("jan@agency.example")
            if SCRIPT in told.get_body(("plain",)).get_content()), None))
        self.here.holdfast("tickets", "cancel", ticket["id"])
        html = message.get_body(("html",)).get_content()
        self.assertIn("&lt;script&gt;", html)
        self.assertIsNone(re.search("<script", html, re.IGNORECASE))

    def refused(self, name, reason, content=None):
        path = self.here.state / name
        if content is not None:
            path.write_bytes(content)
        before, processes = self.book(), self.here.processes
        told = subprocess.run([CHECKOUT / "tools" / "holdfast", "import", path, "--json"], env=self.here.environment,
                              capture_output=True, text=True, timeout=120, check=False)
        self.assertEqual(told.returncode, 1, told.stderr)
        self.assertEqual(json.loads(told.stderr)["error"]["reason"], reason)
        self.assertEqual(self.book(), before, "nothing of it is applied")
        for process, pid in processes.items():
            self.assertTrue(pathlib.Path(f"/proc/{pid}").exists(), process)

    def book(self):
        """Everything that an import could have made."""
        tables = ("accounts", "locations", "contacts", "carriers", "carrier_contacts", "carrier_accounts", "products",
                  "imported")
        counts = " || ' ' || ".join(f"(SELECT count(*) FROM {table})" for table in tables)
        return self.here.value_in("accounts", f"SELECT {counts}")

    def most_memory(self):
        """Of each of our own processes so far, in MiB."""
        statuses = {name: pathlib.Path(f"/proc/{pid}/status").read_text() for name, pid in self.here.processes.items()
                    if name not in ("postgres", "redis", "kafka")}
        return {name: int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1024 for name, status in statuses.items()}


def sheet(begins, blanks):
    row = f'<worksheet><sheetData><row r="1">{begins}'.encode()
    return row, blanks, b"</t></is></c></row></sheetData></worksheet>"


def write_workbook(path, parts):
    """With one sheet; each part is what stands before so many MiB of blanks, and behind them."""
    empty = {
        "xl/worksheets/sheet1.xml": b"<worksheet><sheetData></sheetData></worksheet>", "xl/sharedStrings.xml": b"<sst/>",
    }
    parts = {**{name: (text, 0, b"") for name, text in empty.items()}, **parts}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/workbook.xml",
                      '<workbook><sheets><sheet name="One" sheetId="1" r:id="rId1" xmlns:r="r"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", "<Relationships>" + "".join(
            f'<Relationship Id="rId{number}" Type="{RELATIONS}{kind}" Target="{target}"/>' for number, kind, target in (
                (1, "worksheet", "worksheets/sheet1.xml"), (2, "sharedStrings", "sharedStrings.xml"))) + "</Relationships>")
        for name, (before, blanks, behind) in parts.items():
            with book.open(name, "w") as part:
                part.write(before)
                for _ in range(blanks):
                    part.write(b" " * MEBIBYTE)
                part.write(behind)
