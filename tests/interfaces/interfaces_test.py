#!/usr/bin/python3
"""Our interfaces as the tools of others read them: buf the protos, AsyncAPI's parser the events."""

import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
sys.path.insert(0, str(CHECKOUT / "tests"))

from npm import install  # noqa: E402


def buf_lint(folder):
    command = [HERE / "node_modules" / ".bin" / "buf", "lint", folder]
    return subprocess.run(command, capture_output=True, text=True, check=False)


class Interfaces(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        install(HERE)

    def test_protos_keep_the_conventions(self):
        linted = buf_lint(CHECKOUT / "proto")
        self.assertEqual(linted.stdout + linted.stderr, "")
        self.assertEqual(linted.returncode, 0)

    def test_a_fault_is_found(self):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copytree(CHECKOUT / "proto", folder, dirs_exist_ok=True)
            tickets = Path(folder) / "holdfast" / "tickets" / "v1" / "tickets.proto"
            tickets.write_text(tickets.read_text().replace("service TicketService {", "service Tickets {"))
            self.assertIn('Service name "Tickets" should be suffixed with "Service"', buf_lint(folder).stdout)

    def test_asyncapi_tells_every_event(self):
        read = subprocess.run(
            ["node", HERE / "asyncapi.js", CHECKOUT / "docs" / "asyncapi.yaml"],
            capture_output=True, text=True, check=False,
        )
        self.assertEqual(read.returncode, 0, read.stdout)
        files = (CHECKOUT / "proto").rglob("events.proto")
        declared = {name for file in files for name in re.findall(r'name: "([a-z-]+)"', file.read_text())}
        self.assertEqual(set(read.stdout.split()), {f"holdfast.{name}.v1" for name in declared})


if __name__ == "__main__":
    unittest.main()
