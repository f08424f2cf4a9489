#!/usr/bin/env python3
"""Makes the second agency's book: book.xlsx, csv/*.csv and truth.json, the same bytes every time (Python 3.11, no packages).

    python3 make_book.py DIR

Everything the first book does, done otherwise: other headings and another order of columns, a heading of two rows, the day
before the month, dates that count from 1904, ports and disconnects on sheets of their own, customers and sites as two
lists, an .xlsx with prefixed names and without cell references.
"""

import json
import os
import sys
import zipfile
from datetime import date
from xml.sax.saxutils import escape

OUT = sys.argv[1]


class Day(date):
    """A date cell; in the delimited form dd/mm/yyyy."""


class Value:
    """A formula with the value it last showed."""

    def __init__(self, formula, value):
        self.formula, self.value = formula, value


def rows_of(clients, sites, inventory, agreements, vendors, ports, disconnects):
    return {
        "Clients": clients,
        "Sites": sites,
        "Inventory": inventory,
        "Agreements": agreements,
        "Vendor directory": vendors,
        "Number ports": ports,
        "Disconnect log": disconnects,
    }


SHEETS = rows_of(
    clients=[
        ["Account Manager", "Client Since", "Status", "Client Name", "Client ID", "Parent Company"],
        ["Ruth", Day(2015, 3, 14), "Current", "Larkspur Clinics", "HT-01", "Larkspur Holdings"],
        ["Ruth", "02/05/2011", "Current", "Larkspur Holdings", "HT-02", None],
        ["Omar", "17.12.2019", "lead", "Tallow & Pine Furniture", "HT-03", None],
        ["Omar", "2018-06-30", None, "Ridgeway Freight LLC", "HT-04", "Ridgeway Freight LLC"],
        ["Omar", "31/02/2018", "Current", "Nobody Can Date Us", "HT-05", None],
        ["Ruth", "5 Jan 2020", "former", "Ridgeway Freight", "HT-06", "Moon Base"],
        [None, None, None, None, None, None],
        ["Ruth", "02/05/2011", "Current", "LARKSPUR  HOLDINGS", "HT-02", None],
    ],
    sites=[
        ["CLIENT", "SITE", None, None, None, None, None, "ON-SITE CONTACT", None, None],
        ["Name", "Name", "Street Address", "City", "State", "Postal Code", "Phone", "Name", "Cell", "Email"],
        [
            "Larkspur Clinics",
            "Uptown",
            "12 Elm St",
            "Gary",
            "Indiana",
            46402,
            "219.555.0101",
            "Ana Ruiz",
            "(219) 555-0102 ext 7",
            "ana@larkspur.example",
        ],
        [
            "Larkspur Clinics",
            "Harbor",
            "9 Pier Rd",
            "Providence",
            "R.I.",
            2903,
            4015550103,
            "Ana Ruiz",
            "(219) 555-0102 ext 7",
            "ANA@larkspur.example ",
        ],
        [
            "Larkspur Holdings",
            "Head Office",
            "1 Main St",
            "Boise",
            "id",
            "83702-1234",
            "208-555-0104",
            None,
            None,
            None,
        ],
        [
            "Tallow & Pine Furniture",
            "Showroom",
            "4 Oak Ave",
            "Knoxville",
            "TN",
            "37902",
            "555-0105",
            "Lee Park",
            "+1 865 555 0106",
            "lee@tallow",
        ],
        [
            "Ridgeway Freight LLC",
            "Depot",
            "Dock 5",
            "El Paso",
            "TX",
            "79901",
            "915 555 0107 / 915 555 0108",
            "Sam O\u2019Neil",
            None,
            "sam@ridgeway.example",
        ],
        ["Ridgeway Freight LLC", "Depot", "Dock 6", "El Paso", "TX", "79901", None, None, None, None],
        [None, "Lost Site", "Nowhere", None, None, None, None, None, None, None],
    ],
    inventory=[
        ["Printed 12/11/2026 by Omar"],
        [None],
        [
            "Comments",
            "Provider",
            "Account Number",
            "Circuit",
            "Client",
            "Site",
            "Product",
            "Bandwidth",
            "Monthly Charge",
            "Setup Fee",
            "In Service",
            "Status",
            "Agreement #",
        ],
        [
            None,
            "Level 3",
            "5-ABCDE",
            "BBXJ12345",
            "Larkspur Clinics",
            "Uptown",
            "Dark Fiber",
            "10G",
            1250,
            500,
            Day(2024, 2, 29),
            "live",
            "AG-1",
        ],
        [
            None,
            "CTL",
            "5-abcde",
            "bbxj 54321",
            None,
            "Harbor",
            "SIP trunks",
            "23",
            "USD 310.25 per month",
            None,
            "28/02/2024",
            "in service",
            "AG-1",
        ],
        [
            "=cmd|' /C calc'!A0",
            "Mediacom",
            "880077",
            "219-555-0109",
            None,
            "Uptown",
            "POTS line",
            None,
            "(12.00)",
            None,
            "01/11/2023",
            "disconnected",
            None,
        ],
        [
            None,
            "Cox Comm.",
            "001 22",
            "70.KRGS.1234..CXIX",
            "Tallow & Pine Furniture",
            "Showroom",
            "Broadband",
            "600/35",
            "waived",
            None,
            "13/10/2025",
            "ordered",
            "AG-9",
        ],
        [
            None,
            "Cox Comm.",
            "001 22",
            "70-KRGS-1234 CXIX",
            "Tallow & Pine Furniture",
            "Showroom",
            "Broadband",
            "600/35",
            "waived",
            None,
            "13/10/2025",
            "ordered",
            "AG-9",
        ],
        [None, "Acme Telco", "7", "X-1", "Ridgeway Freight LLC", "Warehouse", "MPLS", None, 10, None, None, None, None],
        [
            None,
            "Acme Telco",
            "7",
            "X-2",
            "Ridgeway Freight LLC",
            "Depot",
            "MPLS",
            None,
            "10 or so",
            None,
            None,
            None,
            None,
        ],
        [
            None,
            "Acme Telco",
            "7",
            "X-3",
            "Ridgeway Freight LLC",
            "Depot",
            "MPLS",
            None,
            Value("10*2.5", 25),
            None,
            None,
            None,
            None,
        ],
        [None, "Acme Telco", "7", "X-3", "Ridgeway Freight LLC", "Depot", "MPLS", None, 26, None, None, None, None],
        [
            None,
            "Acme Telco",
            "8.8E+10",
            "915-555-0107",
            "Ridgeway Freight LLC",
            "Depot",
            "POTS",
            None,
            40,
            None,
            None,
            None,
            None,
        ],
        ["GRAND TOTAL", None, None, None, None, None, None, None, Value("SUM(I4:I12)", 1635), None, None, None, None],
    ],
    agreements=[
        [
            "Agreement No.",
            "Client",
            "Vendor",
            "Executed",
            "Commencement Date",
            "Length",
            "End Date",
            "At Expiration",
            "Notice Period",
            "Monthly",
        ],
        [
            "AG-1",
            "Larkspur Clinics",
            "Lumen",
            "01/02/2024",
            "29/02/2024",
            "1 yr",
            None,
            "auto renews (12 mo)",
            "4 weeks",
            1560.25,
        ],
        [
            "AG-2",
            "Larkspur Clinics",
            "Mediacom Business",
            None,
            "31/01/2025",
            "24 months",
            "30/01/2027",
            "goes MTM",
            "3 months",
            80,
        ],
        ["AG-3", "Tallow & Pine Furniture", "Cox", None, "15/03/2025", None, "evergreen", None, None, 60],
        ["AG-4", "Ridgeway Freight LLC", "Acme Telco", None, "15/03/2025", 12, "14/03/2024", "ends", "30", 10],
        [
            "AG-5",
            "Ridgeway Freight LLC",
            "Acme Telco",
            None,
            "15/03/2025",
            12,
            "30/06/2027",
            "ends",
            "5 business days",
            10,
        ],
        ["AG-6", "Moon Base", "Acme Telco", None, "15/03/2025", 12, None, "ends", "30", 10],
    ],
    vendors=[
        ["Vendor", "Team", "Person", "Telephone", "24x7", "Email", "Tier", "Good as of"],
        ["CenturyLink", "NOC", None, "800-555-0110", "877-555-0111", "noc@lumen.example", None, "30/09/2026"],
        ["Lumen", "Escalations", "Kit Moss", "800 555 0112", None, None, "Level 2", "2026-09-01"],
        ["Cox", "Fraud desk", None, "888.555.0113", None, None, None, None],
    ],
    ports=[
        ["TN", "Client", "Losing carrier", "New carrier", "Date Sent", "FOC Date", "Stage", "PON"],
        [
            "(915) 555-0107",
            "Ridgeway Freight LLC",
            "Acme Telco",
            "Granite Telecom",
            "20/11/2026",
            "04/12/2026",
            "FOC rec'd",
            "P1",
        ],
    ],
    disconnects=[
        ["Circuit ID", "Client", "Provider", "Notice Sent", "Wanted By", "Stage", "Order Number"],
        ["x 3", "Ridgeway Freight LLC", "Acme Telco", "25/11/2026", "01/12/2026", "sent", "D1"],
        ["915-555-0107", "Ridgeway Freight LLC", "Acme Telco", None, "15/01/2027", "waiting on port", None],
        ["77/NONE", "Ridgeway Freight LLC", "Acme Telco", None, "15/01/2027", None, None],
    ],
)
FILES = {
    "Clients": "clients",
    "Sites": "sites",
    "Inventory": "inventory",
    "Agreements": "agreements",
    "Vendor directory": "vendor directory",
    "Number ports": "number ports",
    "Disconnect log": "disconnect log",
}


def one(**facts):
    return facts


def account(name, number, status, parent, rep, since):
    return one(name=name, number=number, status=status, parent=parent, rep=rep, since=since)


def location(account, name, street, city, state, zip_code, zone, zone_from, phone):
    return one(
        account=account,
        name=name,
        street=street,
        city=city,
        state=state,
        zip=zip_code,
        time_zone=zone,
        zone_from=zone_from,
        main_phone=phone,
    )


def product(circuit_id, key, account, location, carrier, carrier_account, kind, mrc, nrc, install, status, contract):
    return one(
        circuit_id=circuit_id,
        key=key,
        account=account,
        location=location,
        carrier=carrier,
        carrier_account=carrier_account,
        btn=None,
        type=kind,
        mrc_minor=mrc,
        nrc_minor=nrc,
        install=install,
        status=status,
        contract=contract,
    )


def contract(
    number,
    account,
    carrier,
    state,
    start,
    months,
    typed,
    notice,
    action,
    later,
    zone,
    first,
    signed=None,
    open_ended=False,
):
    value, unit, defaulted = notice
    return one(
        number=number,
        account=account,
        carrier=carrier,
        state=state,
        signed=signed,
        start=start,
        term_months=months,
        typed_end=typed,
        open_ended=open_ended,
        notice=one(value=value, unit=unit, defaulted=defaulted),
        end_of_term_action=action,
        later_term_months=later,
        time_zone=zone,
        initial_term_end=first,
    )


def sheet(header_row, rows_read, created, unchanged, rejected):
    return one(
        header_row=header_row, rows_read=rows_read, created=created, updated=0, unchanged=unchanged, rejected=rejected
    )


CLINICS, HOLDINGS, TALLOW, RIDGEWAY = (
    "Larkspur Clinics",
    "Larkspur Holdings",
    "Tallow & Pine Furniture",
    "Ridgeway Freight LLC",
)
TRUTH = {
    "as_of": "2026-12-01",
    "sheets": {
        "Clients": sheet(1, 7, 5, 1, 1),
        "Sites": sheet(2, 7, 6, 0, 1),
        "Inventory": sheet(3, 11, 6, 1, 4),
        "Agreements": sheet(1, 6, 4, 0, 2),
        "Vendor directory": sheet(1, 3, 3, 0, 0),
        "Number ports": sheet(1, 1, 1, 0, 0),
        "Disconnect log": sheet(1, 3, 2, 0, 1),
    },
    "accounts": [
        account(CLINICS, "HT-01", "active", HOLDINGS, "Ruth", "2015-03-14"),
        account(HOLDINGS, "HT-02", "active", None, "Ruth", "2011-05-02"),
        account(TALLOW, "HT-03", "prospect", None, "Omar", "2019-12-17"),
        account(RIDGEWAY, "HT-04", "active", None, "Omar", "2018-06-30"),
        account("Ridgeway Freight", "HT-06", "closed", None, "Ruth", "2020-01-05"),
    ],
    "locations": [
        location(CLINICS, "Uptown", "12 Elm St", "Gary", "IN", "46402", "America/Chicago", "zip", "+12195550101"),
        location(
            CLINICS, "Harbor", "9 Pier Rd", "Providence", "RI", "02903", "America/New_York", "state", "+14015550103"
        ),
        location(
            HOLDINGS, "Head Office", "1 Main St", "Boise", "ID", "83702-1234", "America/Boise", "state", "+12085550104"
        ),
        location(TALLOW, "Showroom", "4 Oak Ave", "Knoxville", "TN", "37902", "America/New_York", "zip", None),
        location(RIDGEWAY, "Depot", "Dock 5", "El Paso", "TX", "79901", "America/Denver", "zip", "+19155550107"),
        location(RIDGEWAY, "Lost Site", "Nowhere", None, None, None, None, None, None),
    ],
    "contacts": [
        one(
            account=CLINICS,
            name="Ana Ruiz",
            email="ana@larkspur.example",
            phone="+12195550102",
            ext="7",
            locations=["Uptown", "Harbor"],
        ),
        one(account=TALLOW, name="Lee Park", email=None, phone="+18655550106", ext=None, locations=["Showroom"]),
        one(
            account=RIDGEWAY, name="Sam O'Neil", email="sam@ridgeway.example", phone=None, ext=None, locations=["Depot"]
        ),
    ],
    "carrier_accounts": [
        one(carrier="Lumen", number="5-ABCDE", key="5ABCDE", account=CLINICS),
        one(carrier="Mediacom Business", number="880077", key="880077", account=CLINICS),
        one(carrier="Cox Business", number="001 22", key="00122", account=TALLOW),
        one(carrier="Acme Telco", number="7", key="7", account=RIDGEWAY),
    ],
    "carrier_contacts": [
        one(
            carrier="Lumen",
            function="repair",
            level=None,
            name=None,
            phone="+18005550110",
            after_hours="+18775550111",
            email="noc@lumen.example",
            verified="2026-09-30",
        ),
        one(
            carrier="Lumen",
            function="escalation",
            level=2,
            name="Kit Moss",
            phone="+18005550112",
            after_hours=None,
            email=None,
            verified="2026-09-01",
        ),
        one(
            carrier="Cox Business",
            function="Fraud desk",
            level=None,
            name=None,
            phone="+18885550113",
            after_hours=None,
            email=None,
            verified=None,
        ),
    ],
    "products": [
        product(
            "BBXJ12345",
            "BBXJ12345",
            CLINICS,
            "Uptown",
            "Lumen",
            "5ABCDE",
            "circuit",
            125000,
            50000,
            "2024-02-29",
            "active",
            "AG-1",
        ),
        product(
            "bbxj 54321",
            "BBXJ54321",
            CLINICS,
            "Harbor",
            "Lumen",
            "5ABCDE",
            "trunk",
            31025,
            0,
            "2024-02-28",
            "active",
            "AG-1",
        ),
        product(
            "219-555-0109",
            "2195550109",
            CLINICS,
            "Uptown",
            "Mediacom Business",
            "880077",
            "line",
            -1200,
            0,
            "2023-11-01",
            "terminated",
            None,
        ),
        product(
            "70.KRGS.1234..CXIX",
            "70KRGS1234CXIX",
            TALLOW,
            "Showroom",
            "Cox Business",
            "00122",
            "circuit",
            0,
            0,
            "2025-10-13",
            "pendingActive",
            None,
        ),
        product("X-3", "X3", RIDGEWAY, "Depot", "Acme Telco", "7", "circuit", 2500, 0, None, "active", None),
        product(
            "915-555-0107", "9155550107", RIDGEWAY, "Depot", "Acme Telco", None, "line", 4000, 0, None, "active", None
        ),
    ],
    "contracts": [
        contract(
            "AG-1",
            CLINICS,
            "Lumen",
            "active",
            "2024-02-29",
            12,
            None,
            (28, "calendarDays", False),
            "autoRenew",
            12,
            "America/Chicago",
            "2025-02-27",
            signed="2024-02-01",
        ),
        contract(
            "AG-2",
            CLINICS,
            "Mediacom Business",
            "active",
            "2025-01-31",
            24,
            "2027-01-30",
            (3, "calendarMonths", False),
            "roll",
            1,
            "America/Chicago",
            "2027-01-30",
        ),
        contract(
            "AG-3",
            TALLOW,
            "Cox Business",
            "active",
            "2025-03-15",
            None,
            None,
            (60, "calendarDays", True),
            "roll",
            1,
            "America/New_York",
            None,
            open_ended=True,
        ),
        contract(
            "AG-5",
            RIDGEWAY,
            "Acme Telco",
            "active",
            "2025-03-15",
            12,
            "2027-06-30",
            (5, "businessDays", False),
            "autoDisconnect",
            None,
            "America/Denver",
            "2027-06-30",
        ),
    ],
    "ports": [
        one(
            btn="915-555-0107",
            account=RIDGEWAY,
            losing="Acme Telco",
            gaining="Granite",
            submitted="2026-11-20",
            foc="2026-12-04",
            status="focReceived",
        )
    ],
    "disconnects": [
        one(
            ref="X-3",
            by="ckt",
            account=RIDGEWAY,
            carrier="Acme Telco",
            submitted="2026-11-25",
            requested="2026-12-01",
            effective="2026-12-25",
            held=False,
        ),
        one(
            ref="915-555-0107",
            by="ckt",
            account=RIDGEWAY,
            carrier="Acme Telco",
            submitted=None,
            requested="2027-01-15",
            effective=None,
            held=True,
        ),
    ],
    "rejected": [
        one(sheet="Clients", row=6, reason="invalidDate"),
        one(sheet="Sites", row=8, reason="duplicateConflict", first_row=7),
        one(sheet="Inventory", row=9, reason="unknownLocation"),
        one(sheet="Inventory", row=10, reason="invalidMoney"),
        one(sheet="Inventory", row=12, reason="duplicateConflict", first_row=11),
        one(sheet="Inventory", row=14, reason="missingRequired"),
        one(sheet="Agreements", row=5, reason="endBeforeStart"),
        one(sheet="Agreements", row=7, reason="unknownCustomer"),
        one(sheet="Disconnect log", row=4, reason="unknownProduct"),
    ],
    "duplicates": [
        one(sheet="Clients", row=9, first_row=3, kind="sameKey"),
        one(sheet="Inventory", row=8, first_row=7, kind="sameKey"),
    ],
    "warnings": [
        one(sheet="Clients", row=5, field="Parent Company", reason="parentCycle"),
        one(sheet="Clients", row=7, field="Parent Company", reason="unknownParent"),
        one(sheet="Clients", row=7, field="Client Name", reason="possibleDuplicate", first_row=5, kind="form"),
        one(sheet="Sites", row=6, field="SITE Phone", reason="phoneIncomplete"),
        one(sheet="Sites", row=6, field="Email", reason="invalidEmail"),
        one(sheet="Sites", row=7, field="SITE Phone", reason="multiplePhones"),
        one(sheet="Sites", row=9, field="State", reason="timeZoneUnknown"),
        one(sheet="Inventory", row=6, field="Comments", reason="formulaText"),
        one(sheet="Inventory", row=7, field="Agreement #", reason="unknownContract"),
        one(sheet="Inventory", row=13, field="Account Number", reason="lossyNumber"),
        one(sheet="Agreements", row=4, field="At Expiration", reason="actionDefaulted"),
        one(sheet="Agreements", row=4, field="Notice Period", reason="noticeDefaulted"),
        one(sheet="Agreements", row=6, field="End Date", reason="termMismatch"),
    ],
}


def shown(cell):
    if isinstance(cell, Value):
        return str(cell.value)
    return "" if cell is None else f"{cell:%d/%m/%Y}" if isinstance(cell, Day) else str(cell)


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if set(text) & set('|"\n') else text


def cell_xml(cell):
    if cell is None:
        return "<x:c/>"
    if isinstance(cell, Value):
        return f"<x:c><x:f>{escape(cell.formula)}</x:f><x:v>{cell.value}</x:v></x:c>"
    if isinstance(cell, Day):
        return f'<x:c s="1"><x:v>{(cell - date(1904, 1, 1)).days}</x:v></x:c>'
    if isinstance(cell, (int, float)):
        return f"<x:c><x:v>{cell}</x:v></x:c>"
    return f'<x:c t="inlineStr"><x:is><x:t xml:space="preserve">{escape(cell)}</x:t></x:is></x:c>'


def save_xlsx(path):
    main = 'xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>'
    }
    names, relations = "", f'<Relationship Id="st" Type="{kind}/styles" Target="styles.xml"/>'
    for n, (name, rows) in enumerate(SHEETS.items(), 1):
        names += f'<x:sheet name="{name}" sheetId="{n}" r:id="r{n}"/>'
        relations += f'<Relationship Id="r{n}" Type="{kind}/worksheet" Target="sheets/s{n}.xml"/>'
        body = "".join("<x:row>" + "".join(map(cell_xml, row)) + "</x:row>" for row in rows)
        merges = (
            '<x:mergeCells count="2"><x:mergeCell ref="B1:G1"/><x:mergeCell ref="H1:J1"/></x:mergeCells>'
            if name == "Sites"
            else ""
        )
        merges = '<x:mergeCells count="1"><x:mergeCell ref="E4:E6"/></x:mergeCells>' if name == "Inventory" else merges
        parts[f"xl/sheets/s{n}.xml"] = f"<x:worksheet {main}><x:sheetData>{body}</x:sheetData>{merges}</x:worksheet>"
    parts["xl/workbook.xml"] = (
        f'<x:workbook {main} xmlns:r="{kind}"><x:workbookPr date1904="true"/><x:sheets>{names}</x:sheets></x:workbook>'
    )
    parts["xl/_rels/workbook.xml.rels"] = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>'
    )
    parts["xl/styles.xml"] = (
        f'<x:styleSheet {main}><x:numFmts><x:numFmt numFmtId="170" formatCode="dd/mm/yyyy"/></x:numFmts><x:cellXfs><x:xf numFmtId="0"/><x:xf numFmtId="170"/></x:cellXfs></x:styleSheet>'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for part, text in parts.items():
            book.writestr(
                zipfile.ZipInfo(part, (1980, 1, 1, 0, 0, 0)),
                '<?xml version="1.0" encoding="UTF-8"?>\n' + text,
                zipfile.ZIP_DEFLATED,
            )


os.makedirs(f"{OUT}/csv", exist_ok=True)
save_xlsx(f"{OUT}/book.xlsx")
for name, rows in SHEETS.items():
    width = max(map(len, rows))
    lines = ["|".join(quoted(shown(cell)) for cell in row + [None] * (width - len(row))) for row in rows]
    with open(f"{OUT}/csv/{FILES[name]}.csv", "wb") as f:
        f.write(("\r".join(lines) + "\r").encode("cp1252"))
lines = [
    f'"{key}": '
    + (
        "[\n" + ",\n".join(json.dumps(v, ensure_ascii=False) for v in value) + "\n]"
        if isinstance(value, list)
        else json.dumps(value, ensure_ascii=False)
    )
    for key, value in TRUTH.items()
]
with open(f"{OUT}/truth.json", "w", encoding="utf-8") as f:
    f.write("{\n" + ",\n".join(lines) + "\n}\n")
