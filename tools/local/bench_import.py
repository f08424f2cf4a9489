"""An agency's book of many rows, imported as its people do it, beside a bare COPY of the same rows."""

import csv
import io
import json
import os
import shutil
import statistics
import subprocess
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import installation
import postgres
import process
from messages import Refused
from place import CHECKOUT, Place

AGENCY = ("Bench", "--time-zone", "America/New_York", "--staff-name", "Kim", "--staff-email", "kim@bench.example")
CUSTOMERS = ("Customer", "Address", "City", "State", "Zip", "Phone")
CIRCUITS = ("Customer", "Location", "Carrier", "Circuit ID", "Service", "MRC")
CIRCUITS_OF_A_CUSTOMER = 9
CARRIERS = ("Lumen", "Spectrum", "Comcast", "Frontier", "Windstream")
# How long one import may take before the figure is of no use.
PATIENCE_S = 1800
SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


@dataclass(frozen=True)
class Cost:
    """Of processor time, that of our processes and of PostgreSQL, whatever they do beside: relays, consumers."""

    seconds: float
    cpu_s: float


class Meter:
    def __init__(self, started):
        names = (*started.programs(), postgres.NAME)
        self._processes = [process.running(started.state, name).process.pid for name in names]
        self._began, self._cpu_s = time.monotonic(), self._spent_s()

    def read(self):
        return Cost(time.monotonic() - self._began, self._spent_s() - self._cpu_s)

    def _spent_s(self):
        return sum(_cpu_s(pid) for pid in self._processes)


def _cpu_s(pid):
    """Its own, and that of its children, ended or not."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    ticks = sum(_ticks(pid)) + sum(sum(_ticks(child)[:2]) for child in children)
    return ticks / os.sysconf("SC_CLK_TCK")


def _ticks(pid):
    """In user and in system mode; the same of its children that have ended."""
    try:
        return [int(field) for field in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:15]]
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return [0, 0, 0, 0]


def measure_import(report, new_installation, state, rows, rounds):
    tables = tables_of(rows)
    for form in ("csv", "xlsx"):
        imports, copies, resident = [], [], []
        for _ in range(rounds):
            # Each round has a new installation: the second time a book changes nothing, which is another measure.
            shutil.rmtree(state, ignore_errors=True)
            started = new_installation(state)
            try:
                started.start_servers()
                started.start_services()
                started.describe()
                copies.append(_copy(started, tables))  # first: what follows an import goes on behind it
                _new_agency(started)
                imports.append(import_book(started, _write(state, form, tables)))
                resident.append(max(started.memory_mib("VmHWM").values()))
            finally:
                installation.stop(Place(state))
        _report(report, f"import.{form}", imports, copies, rows)
        report.add_median(f"import.{form}_memory", resident, "MiB", 200, "all services in one, at its most")


def _report(report, name, imports, copies, rows):
    ratios = [one.seconds / other.seconds for one, other in zip(imports, copies)]
    whole, bare = _median(imports), _median(copies)
    beside = (f"{whole.seconds:.1f} of {bare.seconds:.2f} s, a bare COPY; {rows:,} rows; "
              f"processor time {whole.cpu_s:.1f} of {bare.cpu_s:.2f} s, ours and PostgreSQL's")
    report.add_median(name, ratios, "of COPY's time", 12, beside)


def _median(costs):
    return Cost(statistics.median(one.seconds for one in costs), statistics.median(one.cpu_s for one in costs))


def tables_of(rows, behind=0):
    """Customers, and nine circuits each; others than those of so many rows before."""
    first = behind // (CIRCUITS_OF_A_CUSTOMER + 1)
    customers = range(first, first + max(1, rows // (CIRCUITS_OF_A_CUSTOMER + 1)))
    names = [(one, f"Customer {one} Dental") for one in customers]
    return {
        "customers": [CUSTOMERS, *(
            (name, f"{one + 1} Main Street", "Boston", "MA", "02110", f"617-{one // 10000 % 800 + 200:03}-{one % 10000:04}")
            for one, name in names)],
        "circuits": [CIRCUITS, *(
            (name, "", CARRIERS[one % len(CARRIERS)], f"{line:02}/ABCD/{one:06}", "Internet", "129.00")
            for one, name in names for line in range(CIRCUITS_OF_A_CUSTOMER))],
    }


def _write(state, form, tables):
    if form == "csv":
        return write_csv(state, tables)
    book = Path(state) / "book.xlsx"
    _write_workbook(book, tables)
    return [book]


def write_csv(state, tables):
    folder = Path(state) / "book"
    folder.mkdir(exist_ok=True)
    files = []
    for name, table in tables.items():
        files.append(folder / f"{name}.csv")
        files[-1].write_text(_as_csv(table))
    return files


def _as_csv(table):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(table)
    return text.getvalue()


def _write_workbook(path, tables):
    """As a spreadsheet saves it: one part a sheet, texts in their cells."""
    sheets = "".join(
        f'<sheet name="{name}" sheetId="{one}" r:id="r{one}"/>' for one, name in enumerate(tables, start=1))
    relations = "".join(
        f'<Relationship Id="r{one}" Type="{RELATION}/worksheet" Target="worksheets/sheet{one}.xml"/>'
        for one in range(1, len(tables) + 1))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", f'<Types xmlns="{PACKAGE}/content-types"/>')
        parts.writestr("_rels/.rels", (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
            f'Type="{RELATION}/officeDocument" Target="xl/workbook.xml"/></Relationships>'))
        parts.writestr("xl/workbook.xml", f'<workbook xmlns="{SHEET}" xmlns:r="{RELATION}"><sheets>{sheets}</sheets></workbook>')
        parts.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>')
        for one, table in enumerate(tables.values(), start=1):
            cells = "".join(_row(number, row) for number, row in enumerate(table, start=1))
            parts.writestr(f"xl/worksheets/sheet{one}.xml", f'<worksheet xmlns="{SHEET}"><sheetData>{cells}</sheetData></worksheet>')


def _row(number, row):
    cells = "".join(
        f'<c r="{chr(ord("A") + column)}{number}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'
        for column, text in enumerate(row) if text)
    return f'<row r="{number}">{cells}</row>'


def _new_agency(started):
    asking = [CHECKOUT / "tools" / "holdfast", "--state", started.state, "agencies", "create", *AGENCY]
    subprocess.run(asking, check=True, stdout=subprocess.DEVNULL)


def import_book(started, files):
    asking = [CHECKOUT / "tools" / "holdfast", "--state", started.state, "import", *files, "--json"]
    meter = Meter(started)
    done = subprocess.run(asking, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S)
    cost = meter.read()
    answer = json.loads(done.stdout.splitlines()[-1]) if done.stdout else {}
    if done.returncode != 0 or answer.get("rejected") or not answer.get("created"):
        raise Refused(f"the book was not imported as it is: {answer}", f"see {started.state}/logs")
    return cost


def _copy(started, tables):
    """Into a table of texts with one index, committed."""
    server = process.running(started.state, postgres.NAME)
    script = []
    for name, table in tables.items():
        columns = ", ".join(f"c{one} text" for one in range(len(table[0])))
        script.append(f"CREATE TABLE {name} ({columns});\nCREATE INDEX ON {name} (c0);")
    postgres.script(server, "\n".join(script))
    copies = "".join(
        f"COPY {name} FROM STDIN (FORMAT csv);\n{_as_csv(table)}\\.\n" for name, table in tables.items())
    meter = Meter(started)
    postgres.script(server, f"BEGIN;\n{copies}COMMIT;\n")
    return meter.read()
