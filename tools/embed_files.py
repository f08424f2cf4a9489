"""Turns files into a C++ header that holds their bytes.

Usage: embed_files.py HEADER NAMESPACE FILE...
"""

import pathlib
import sys

# A string literal may hold 65,536 characters by the standard; GCC takes more, but files this long do not belong here.
MAX_FILE_BYTES = 60_000


def literal(path):
    text = path.read_text(encoding="utf-8")
    if len(text.encode()) > MAX_FILE_BYTES or ')embedded"' in text:
        raise SystemExit(f"{path}: too long, or holds the end of our literal")
    return f'    {{"{path.name}", R"embedded({text})embedded"}},\n'


def main():
    header, namespace = pathlib.Path(sys.argv[1]), sys.argv[2]
    files = [pathlib.Path(name) for name in sys.argv[3:]]
    header.parent.mkdir(parents=True, exist_ok=True)
    header.write_text(
        "#pragma once\n\n#include <array>\n#include <string_view>\n#include <utility>\n\n"
        f"namespace {namespace} {{\n\n"
        "// Name and content of each file.\n"
        f"inline constexpr std::array<std::pair<std::string_view, std::string_view>, {len(files)}> files = {{{{\n"
        + "".join(literal(path) for path in files) + f"}}}};\n\n}}  // namespace {namespace}\n", encoding="utf-8")


main()
