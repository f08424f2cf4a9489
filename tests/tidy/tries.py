"""A TRY stands in a statement of its own: g++ 12 forgets to destroy what was made beside it, in braces or as an argument,
when the TRY returns. What is merely named there was not made there, as far as a text can tell."""

import re

from lengths import blank

TRY = re.compile(r"\bTRY\(")
# As clang-format writes it, a brace after one of these, or right after a name, begins a list of values; else a block.
BEFORE_VALUES = re.compile(r"(?:[\w>(,={\]]|[(,={]\s+|\breturn\s+)$")
# A neighbour that is only named: `work`, `*this`, `query.page_token`, `.id = id`, a number.
NAMED = re.compile(r"(?:\.\w+\s*=)?\s*[*&]?[\w.:]*(?:->[\w.]+)*\s*")


def faults(sources):
    for source in sources:
        if not source.is_cpp() or "TRY(" not in source.text:
            continue
        text = blank(source.text)
        for found in TRY.finditer(text):
            if _beside_others(text, found.start()):
                line = text.count("\n", 0, found.start()) + 1
                yield source.path, line, "a TRY beside what is made in the same statement: give it one of its own"


def _beside_others(text, position):
    """Does anything stand beside it, or beside what it is part of, that would have to be destroyed?"""
    opened = _opened_around(text, position)
    while opened is not None and not _is_block(text, opened):
        before, after = _neighbours(text, opened, position)
        # Values in braces are made from left to right, arguments in any order.
        beside = before if text[opened] == "{" else before + after
        if not all(NAMED.fullmatch(neighbour) for neighbour in beside):
            return True
        position, opened = opened, _opened_around(text, opened)
    return False


def _opened_around(text, position):
    """Where the innermost bracket opens that is still open there; nothing at the beginning of a statement."""
    depth = 0
    for place in range(position - 1, -1, -1):
        if text[place] in ")}]":
            depth += 1
        elif text[place] in "({[":
            if depth == 0:
                return place
            depth -= 1
        elif text[place] == ";" and depth == 0:
            return None
    return None


def _is_block(text, opened):
    return text[opened] == "{" and not BEFORE_VALUES.search(text[max(0, opened - 40) : opened])


def _neighbours(text, opened, position):
    """The other values or arguments between this bracket and its end: those before the position's own, those after."""
    values, begins, depth = [], opened + 1, 0
    for place in range(opened + 1, len(text)):
        if text[place] in "({[":
            depth += 1
        elif text[place] in ")}]" and depth:
            depth -= 1
        elif text[place] in ",)}]" and depth == 0:
            values.append((begins, place))
            begins = place + 1
            if text[place] != ",":
                break
    before = [text[first:last] for first, last in values if last <= position]
    after = [text[first:last] for first, last in values if first > position]
    return before, after
