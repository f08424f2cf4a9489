"""Every service's database as its superuser sees it, by psql and past the proxies: all rows, of all agencies."""

import json
import subprocess

import postgres
import process


class Databases:
    """All of it fails with OSError while PostgreSQL is away."""

    def __init__(self, state):
        self._state = state

    def command(self, service):
        """psql, which takes a script by its standard input."""
        record = process.running(self._state, postgres.NAME)
        if record is None:
            raise OSError("PostgreSQL does not run")
        url = f"{record.addresses['superuser']} dbname=holdfast_{service} connect_timeout=5"
        return [f"{postgres.BINARIES}/psql", "-XqtA", "-v", "ON_ERROR_STOP=1", "-d", url]

    def query(self, service, text):
        """Rows as dictionaries."""
        told = self.change(service, f"SELECT row_to_json(found) FROM ({text}) AS found")
        return [json.loads(line) for line in told.splitlines()]

    def change(self, service, text):
        """Statements that somebody with a psql might type."""
        done = subprocess.run([*self.command(service), "-c", text], capture_output=True, text=True)
        if done.returncode != 0:
            raise OSError(done.stderr.strip())
        return done.stdout
