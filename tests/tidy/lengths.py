"""Functions under 60 lines, files under 400."""

import ast
import re

LONGEST_FUNCTION = 59
LONGEST_FILE = 399

_CONTAINER = re.compile(r"\b(namespace|class|struct|union|enum)\b|extern\s*$")


def faults(sources):
    for source in sources:
        if not source.is_code():
            continue
        if len(source.lines) > LONGEST_FILE:
            yield source.path, len(source.lines), f"{len(source.lines)} lines; a file has at most {LONGEST_FILE}"
        for first, length in _functions(source):
            if length > LONGEST_FUNCTION:
                yield source.path, first, f"a function of {length} lines; at most {LONGEST_FUNCTION}"


def _functions(source):
    if source.is_cpp():
        return _cpp_functions(source.text)
    if source.is_python():
        nodes = ast.walk(ast.parse(source.text))
        functions = (node for node in nodes if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)))
        return [(node.lineno, node.end_lineno - node.lineno + 1) for node in functions]
    return []


def _cpp_functions(text):
    """(first line, number of lines) of each body in braces that stands in no other function's."""
    text = blank(text)
    containers = []  # for each open brace: does it hold declarations?
    depth_in_function = 0
    head_begins = 0  # after the last ; { or } among declarations: what stands before a brace says what it opens
    for position, character in enumerate(text):
        if depth_in_function:
            depth_in_function += {"{": 1, "}": -1}.get(character, 0)
            if depth_in_function == 0:
                first = text.count("\n", 0, begins) + 1
                yield first, text.count("\n", 0, position) + 2 - first
                head_begins = position + 1
        elif character == "{":
            head = text[head_begins:position]
            if "(" not in head and "=" not in head and _CONTAINER.search(head):
                containers.append(True)
                head_begins = position + 1
            else:
                begins = head_begins + len(head) - len(head.lstrip())
                depth_in_function = 1
        elif character in ";}":
            if character == "}" and containers:
                containers.pop()
            head_begins = position + 1


def blank(text):
    """The same text, as long, with comments, literals and macros' definitions blanked."""
    pattern = r'R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/|^[ \t]*#(?:\\\n|[^\n])*'
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", " ", found.group()), text, flags=re.DOTALL | re.MULTILINE)
