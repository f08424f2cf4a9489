"""What stands in the databases, seen by their superuser, whom no policy holds."""

import json
import subprocess

from stand import postgres

SERVICES = ("accounts", "contracts", "tickets", "notifications")
OWNED = """SELECT coalesce(json_agg(format('%I.%I', n.nspname, c.relname) ORDER BY 1), '[]')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
  WHERE n.nspname IN ('public', 'runtime') AND c.relkind IN ('r', 'p') AND a.attname = 'agency_id'"""


class Books:
    def __init__(self, record):
        self.superuser = record.addresses["superuser"]

    def ask(self, service, script):
        return self.answers(service, script)[-1]

    def answers(self, service, script):
        """The lines that psql prints, each JSON. The script goes by standard input."""
        command = [f"{postgres.BINARIES}/psql", "-X", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d",
                   f"{self.superuser} dbname=holdfast_{service}"]
        done = subprocess.run(command, input=script, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines() if line]

    def of(self, *agencies):
        """{table: (rows, hash of their contents)} of all that belongs to these agencies, in every database."""
        found = {}
        whose = ", ".join(f"'{agency}'" for agency in agencies)
        for service in SERVICES:
            sums = [f"""SELECT '{table}' AS name, count(*) AS rows, md5(coalesce(string_agg(t::text, '' ORDER BY t::text), ''))
                        FROM {table} t WHERE agency_id IN ({whose})""" for table in self.ask(service, OWNED)]
            rows = self.ask(service, f"SELECT json_agg(json_build_array(name, rows, md5)) FROM ({' UNION ALL '.join(sums)}) s")
            found.update({f"{service}: {name}": (count, digest) for name, count, digest in rows})
        return found
