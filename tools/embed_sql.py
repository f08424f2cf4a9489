#!/usr/bin/env python3
"""Turns .sql files into C++ headers: named statements (`-- name: x`), or a migrations/ folder as an ordered list.

What several statements of a file have in common, mostly the columns of a row, stands once: `-- part: x` begins it and
`{{x}}` in a statement stands for it. `{{x as $2}}` stands for a parameter a column, from $2 on.
"""

import pathlib
import re
import sys

LONGEST_NAME = 63


def raw(text: str) -> str:
    # A compiler may refuse very long literals: adjacent ones are joined.
    pieces = [text[start:start + 8000] for start in range(0, len(text), 8000)] or [""]
    return "\n    ".join(f'R"sql({piece})sql"' for piece in pieces)


def statements(source: pathlib.Path, namespace: str) -> str:
    room = source.stem
    before, *sections = re.split(r"^-- (name|part): (\w+)\s*$", source.read_text(encoding="utf-8"), flags=re.M)
    if re.sub(r"--.*", "", before).strip():
        sys.exit(f"{source}: SQL before the first '-- name:'")
    kinds, names, texts = sections[0::3], sections[1::3], sections[2::3]
    if len(set(names)) != len(names):
        sys.exit(f"{source}: a name stands twice")
    # Without comments, which belong to what follows, and would swallow the rest of a line.
    shared = {name: re.sub(r"--.*", "", text).strip() for kind, name, text in zip(kinds, names, texts) if kind == "part"}
    named = {name: with_parts(source, text, shared) for kind, name, text in zip(kinds, names, texts) if kind == "name"}
    # holdfast::tickets::statements -> tickets: two rooms may have a file and a statement of the same names.
    owner = namespace.removeprefix("holdfast::").removesuffix("::statements").replace("::", ".")
    lines = []
    for name, text in named.items():
        full_name = f"{owner}.{room}.{name}"
        if len(full_name) > LONGEST_NAME:
            sys.exit(f"{source}: {full_name} is longer than {LONGEST_NAME} bytes, which PostgreSQL would cut")
        lines.append(f'inline constexpr sql::Statement {name}{{"{full_name}",\n    {raw(text.strip().rstrip(";"))}}};')
    everything = ", ".join(f"&{name}" for name in named)
    lines.append(f"// For the test that prepares every statement.\n"
                 f"inline constexpr std::array<const sql::Statement*, {len(named)}> all_of_{room}{{{everything}}};")
    return header('#include <array>\n\n#include "runtime/sql/statement.h"', namespace, lines)


def with_parts(source: pathlib.Path, text: str, shared: dict[str, str]) -> str:
    def part(found: re.Match[str]) -> str:
        if found[1] not in shared:
            sys.exit(f"{source}: there is no '-- part: {found[1]}'")
        if not found[2]:
            return shared[found[1]]
        first, columns = int(found[2]), shared[found[1]].count(",") + 1
        return ", ".join(f"${number}" for number in range(first, first + columns))

    return re.sub(r"\{\{(\w+)(?: as \$(\d+))?\}\}", part, text)


def migrations(folder: pathlib.Path, namespace: str) -> str:
    files = sorted(folder.glob("*.sql"))
    numbers = [file.stem.split("_")[0] for file in files]
    if numbers != [f"{index:04}" for index in range(1, len(files) + 1)]:
        sys.exit(f"{folder}: migrations are numbered 0001_, 0002_, … without gaps")
    entries = ",\n    ".join(f'sql::Migration{{"{file.stem}", {raw(file.read_text(encoding="utf-8"))}}}' for file in files)
    lines = [f"inline constexpr std::array<sql::Migration, {len(files)}> migrations{{\n    {entries}}};"]
    return header('#include <array>\n\n#include "runtime/sql/migrate.h"', namespace, lines)


def header(includes: str, namespace: str, lines: list[str]) -> str:
    body = "\n\n".join(lines)
    return f"#pragma once\n\n{includes}\n\nnamespace {namespace} {{\n\n{body}\n\n}}  // namespace {namespace}\n"


def main() -> None:
    kind, source, output, namespace = sys.argv[1:]
    text = (statements if kind == "statements" else migrations)(pathlib.Path(source), namespace)
    target = pathlib.Path(output)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")


main()
