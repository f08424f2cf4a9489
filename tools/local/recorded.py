"""The figures that docs/performance.md states: kept as JSON, shown beside what a run measures, replaced by --record."""

import datetime
import json

from place import CHECKOUT

FIGURES = CHECKOUT / "docs" / "performance.json"
PAGE = CHECKOUT / "docs" / "performance.md"
BEGIN = "<!-- Written by tools/bench --record: the next line to the end mark. -->\n"
END = "<!-- end -->\n"
HEADINGS = ("measure", "value", "unit", "goal", "met", "spread", "beside", "on")


def load():
    """Name -> measure as it was recorded, in the order of the page."""
    return {measure["name"]: measure for measure in json.loads(FIGURES.read_text())}


def shown(number):
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.3g}"


def met(measure):
    return {True: "yes", False: "no", None: ""}[measure["met"]]


def record(measures):
    """Puts today's measures into the page and its JSON; those of other groups stay as they were."""
    figures = load()
    today = datetime.date.today().isoformat()
    for measure in measures:
        figures[measure["name"]] = {**measure, "value": _rounded(measure["value"]), "spread": _rounded(measure["spread"]),
                                    "on": today}
    FIGURES.write_text("[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in figures.values()) + "\n]\n")
    before, rest = PAGE.read_text().split(BEGIN)
    PAGE.write_text(before + BEGIN + _table(figures.values()) + END + rest.split(END, 1)[1])


def _rounded(number):
    return float(f"{number:.3g}") if abs(number) < 1000 else round(number)


def _table(figures):
    rows = [HEADINGS, ("---",) * len(HEADINGS)]
    rows += [(each["name"], shown(each["value"]), each["unit"], each["goal"] or "", met(each), shown(each["spread"]),
              each["baseline"], each["on"]) for each in figures]
    return "".join("| " + " | ".join(cells) + " |\n" for cells in rows)
