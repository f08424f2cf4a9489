"""What tidy reads: every file that we wrote, and none that was built, fetched or given as data."""

import os
import re
from pathlib import Path

NOT_OURS = {".git", "build", "var", ".cache", "node_modules", "dist", "__pycache__"}
# Third-party or data: read by programs, not by the rules for our own sources.
EXEMPT = ("proto/google/", "tests/data/")
CODE = {".h", ".cpp", ".py", ".sql", ".proto", ".cmake", ".sh", ".ts", ".tsx", ".css", ".js"}


class Source:
    def __init__(self, root, path):
        self.path = path  # below the root, as text
        self.name = Path(path).name
        self.text = (root / path).read_text(errors="replace")
        self.lines = self.text.splitlines()
        self.suffix = Path(path).suffix
        self.shebang = self.lines[0] if self.lines and self.lines[0].startswith("#!") else ""

    def is_code(self):
        return self.suffix in CODE or bool(self.shebang) or self.name == "CMakeLists.txt"

    def is_cpp(self):
        return self.suffix in (".h", ".cpp")

    def is_python(self):
        return self.suffix == ".py" or "python" in self.shebang

    def is_shell(self):
        return self.suffix == ".sh" or self.shebang.endswith(("bash", "/sh"))

    def is_test(self):
        return "/tests/" in f"/{self.path}"

    def includes(self):
        """(line number, what is included in quotes)"""
        for number, line in enumerate(self.lines, 1):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if found:
                yield number, found.group(1)


def read(root):
    sources = []
    for folder, folders, files in os.walk(root):
        folders[:] = sorted(name for name in folders if name not in NOT_OURS)
        for name in sorted(files):
            path = (Path(folder) / name).relative_to(root).as_posix()
            if name != ".git" and not path.startswith(EXEMPT) and not _is_binary(root / path):
                sources.append(Source(root, path))
    return sources


def _is_binary(path):
    with open(path, "rb") as file:
        return b"\0" in file.read(4096)
