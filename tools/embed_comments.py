#!/usr/bin/env python3
"""Turns what .proto files say of their fields into a C++ header: (full name, comment), ordered by name.

A process's own descriptors have no comments. Read as our protos are written: a declaration a line, its comment above it
or behind it.
"""

import pathlib
import re
import sys

PACKAGE = re.compile(r"package ([\w.]+);")
SCOPE = re.compile(r"(?:message|oneof|enum|service) (\w+) \{$")
FIELD = re.compile(r"(?:repeated |optional )?(?:map<.*>|[\w.]+) (\w+) = \d+\b[^/]*(?:// *(.*))?$")


def comments(text: str) -> dict[str, str]:
    """The fields of one file, by their full names, with their comments."""
    found, package, scopes, above = {}, "", [], []
    for line in map(str.strip, text.splitlines()):
        if line.startswith("//"):
            above.append(line.removeprefix("//").strip())
            continue
        if named := PACKAGE.match(line):
            package = named[1]
        elif scope := SCOPE.match(line):
            # A oneof's fields are its message's.
            scopes.append("" if line.startswith("oneof") else scope[1])
        else:
            if field := FIELD.match(line):
                comment = " ".join(above) or field[2] or ""
                found[".".join([package, *filter(None, scopes), field[1]])] = comment
            scopes += [""] * max(0, line.count("{") - line.count("}"))
            del scopes[len(scopes) - max(0, line.count("}") - line.count("{")):]
        above = []
    return {name: comment for name, comment in found.items() if comment}


def main() -> None:
    output, *sources = map(pathlib.Path, sys.argv[1:])
    all_comments = {}
    for source in sources:
        all_comments |= comments(source.read_text(encoding="utf-8"))
    lines = ",\n".join(f'    FieldComment{{"{name}", R"({comment})"}}' for name, comment in sorted(all_comments.items()))
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(f"""#pragma once

#include <array>
#include <string_view>

namespace holdfast::command_line {{

struct FieldComment {{
  std::string_view field;
  std::string_view comment;
}};

inline constexpr std::array<FieldComment, {len(all_comments)}> field_comments{{
{lines}}};

}}  // namespace holdfast::command_line
""", encoding="utf-8")


if __name__ == "__main__":
    main()
