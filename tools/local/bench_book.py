"""What an installation costs while an agency's book grows a hundredfold, and with it what webhooks have been delivered."""

import json
import re
import statistics
import time
import urllib.request

import postgres
import process
from bench_hanging import Gate, Target, opened_desk
from bench_import import import_book, tables_of, write_csv
from bench_start import IDLE_S, restart_ms
from bench_webhooks import open_tickets
from messages import Refused, say

ACCOUNTS = 10
ROWS_AT_ONCE = 50_000
# Of a book that is imported into what is there, and of webhooks that are waited for.
ROWS, EVENTS = 5_000, 100
FLAT_TO = 1.5
PATIENCE_S = 1800

# As the ledger has them after their first attempt.
HISTORY = """
\\connect holdfast_notifications
WITH told AS (SELECT s.agency_id, s.id AS subscription_id, l.lane, gen_random_uuid() AS event_id, n
              FROM subscriptions s CROSS JOIN generate_series(1, {count}) AS n
              CROSS JOIN LATERAL (SELECT lane FROM lanes l WHERE l.subscription_id = s.id ORDER BY lane
                                  OFFSET n % {accounts} LIMIT 1) AS l),
bodies AS (INSERT INTO webhook_bodies
           SELECT agency_id, event_id, repeat('x', 600), now() - n * interval '1 second' FROM told),
made AS (INSERT INTO deliveries (agency_id, id, subscription_id, event_id, event_name, account_id, state, attempts,
                                 created_at, ended_at, version, lane)
         SELECT agency_id, gen_random_uuid(), subscription_id, event_id, 'ticket-opened', lane, 'delivered', 1,
                now() - n * interval '1 second', now(), 2, lane FROM told RETURNING agency_id, id)
INSERT INTO delivery_attempts SELECT agency_id, id, 1, now(), 200, 1, '', '' FROM made;
VACUUM ANALYZE webhook_bodies, deliveries, delivery_attempts;
"""


class Book:
    """Of one agency, in an installation of its own, with a target that is told of each ticket."""

    def __init__(self, desk):
        self._desk, self._started = desk, desk.started
        self._target = Target("127.0.0.2")
        self._rows = self._told = 0
        desk.subscribe(self._target)
        self._accounts = [desk.new_account(f"Customer with tickets {number}") for number in range(ACCOUNTS)]
        self.webhook_ms(2 * ACCOUNTS)  # what comes first opens connections and prepares statements

    def grow(self, rows):
        """Until it has so many, and so many webhooks were delivered."""
        while self._rows < rows:
            self._import(min(ROWS_AT_ONCE, rows - self._rows))
            self._settle()
        history = HISTORY.format(count=rows - self._told, accounts=ACCOUNTS)
        postgres.script(process.running(self._started.state, postgres.NAME), history)
        self._told = rows

    def import_us(self):
        """A row, of a book of new customers."""
        cost = self._import(ROWS)
        self._settle()
        return cost.seconds / ROWS * 1e6

    def webhook_ms(self, events=EVENTS):
        """From event to first attempt, at the median."""
        open_tickets(self._desk, self._accounts, events)
        return statistics.median(self._target.take(events))

    def start_ms(self):
        return restart_ms(self._started)

    def memory_mib(self):
        time.sleep(IDLE_S)
        return max(self._started.memory_mib("VmRSS").values())

    def _import(self, rows):
        files = write_csv(self._started.state, tables_of(rows, self._rows))
        self._rows += rows
        return import_book(self._started, files)

    def _settle(self):
        """Until what an import has published is handled: it would be a load of what is measured next."""
        until = time.monotonic() + PATIENCE_S
        while self._waiting():
            if time.monotonic() > until:
                raise Refused("the services do not handle what an import published", f"see {self._started.state}/logs")
            time.sleep(1)

    def _waiting(self):
        """Events in outboxes and on Kafka; what is not known waits as well."""
        waiting = 0
        for address in json.loads((self._started.state / "holdfast.json").read_text())["addresses"]["admin"].values():
            with urllib.request.urlopen(f"{address}/metrics", timeout=10) as answer:
                page = answer.read().decode()
            for name in ("holdfast_outbox_events", "holdfast_consumer_lag_events"):
                waiting += sum(abs(float(value)) for value in re.findall(rf"^{name}{{.*}} (\S+)$", page, re.MULTILINE))
        return waiting


COSTS = (("import", "us", Book.import_us), ("webhook", "us", lambda book: book.webhook_ms() * 1000),
         ("start", "us", lambda book: book.start_ms() * 1000), ("memory", "MiB", Book.memory_mib))


def measure_book(report, new_installation, state, rows, rounds):
    """`rows`: of the book at first."""
    sizes = [rows * times for times in (1, 10, 100)]
    costs = {name: [] for name, _, _ in COSTS}
    with opened_desk(new_installation, state, Gate()) as desk:
        book = Book(desk)
        for size in sizes:
            say(f"a book of {size:,} rows")
            book.grow(size)
            for name, unit, cost in COSTS:
                values = [cost(book) for _ in range(rounds)]
                costs[name].append(statistics.median(values))
                report.add_median(f"growth.{name}.{size}", values, unit, None,
                                  f"{size:,} rows of a book, and as many webhooks delivered")
    for name, medians in costs.items():
        ratio = medians[-1] / medians[0]
        report.add_median(f"growth.{name}", [ratio], "of the least", FLAT_TO, "a hundred times as much, beside the least")
