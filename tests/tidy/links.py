"""Links between our pages: the file is there, and so is the heading. A rule named by its number is in docs/rules.md."""

import posixpath
import re

LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")
RULE = re.compile(r"\bR[1-9]\d?\b")
RULES = "docs/rules.md"
NAME_RULES = (".h", ".cpp", ".proto", ".sql", ".def")
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)


def faults(root, sources):
    pages = {source.path: source for source in sources if source.suffix == ".md"}
    yield from _unknown_rules(sources)
    headings = {path: {_anchor(line) for line in page.lines if line.startswith("#")} for path, page in pages.items()}
    for path, page in pages.items():
        text = CODE.sub(lambda code: re.sub(r"[^\n]", " ", code.group()), page.text)
        for found in LINK.finditer(text):
            target, heading = found.groups()
            linked = posixpath.normpath(posixpath.join(posixpath.dirname(path), target)) if target else path
            line = text.count("\n", 0, found.start()) + 1
            if not (root / linked).exists():
                yield path, line, f"links to {linked}, which is not there"
            elif heading and linked in headings and heading not in headings[linked]:
                yield path, line, f"links to a heading #{heading} that {linked} has not"


def _unknown_rules(sources):
    known = {rule for source in sources if source.path == RULES for rule in RULE.findall(source.text)}
    for source in sources:
        if source.suffix not in NAME_RULES:
            continue
        for number, line in enumerate(source.lines, start=1):
            for rule in RULE.findall(line):
                if rule not in known:
                    yield source.path, number, f"names {rule}, which {RULES} does not explain"


def _anchor(line):
    """As GitHub makes it of a heading."""
    return re.sub(r"[^\w\- ]", "", line.lstrip("#").strip().lower()).replace(" ", "-")
