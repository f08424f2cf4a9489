"""What the tools for each language have to say: clang-format and shellcheck."""

import re
import subprocess


def faults(root, sources):
    cpp = [source.path for source in sources if source.is_cpp()]
    if cpp:
        yield from _complaints(root, ["clang-format-14", "--dry-run", *cpp], r"^(.+?):(\d+):\d+: warning: (.+?) \[")
    shell = [source.path for source in sources if source.is_shell()]
    if shell:
        yield from _complaints(root, ["shellcheck", "--format=gcc", *shell], r"^(.+?):(\d+):\d+: \w+: (.+)$")


def _complaints(root, command, pattern):
    done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    found = re.findall(pattern, done.stdout + done.stderr, flags=re.MULTILINE)
    for path, line, complaint in found:
        yield path, int(line), complaint
    if done.returncode != 0 and not found:
        raise RuntimeError(f"{command[0]} failed: {done.stderr}")
