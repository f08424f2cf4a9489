"""How soon after its event a webhook's first attempt is at its target, while events come at a rate of their own."""

import math
import statistics
import subprocess
import time

from bench_hanging import Gate, Target, opened_desk

RATE_PER_S = 10
ACCOUNTS = 10


def measure_webhooks(report, new_installation, state, rounds, events):
    """`events`: of a round. An event has the instant at which its command began, before the commit."""
    with opened_desk(new_installation, state, Gate()) as desk:
        target = Target("127.0.0.2")
        desk.subscribe(target)
        accounts = [desk.new_account(f"Customer {number}") for number in range(ACCOUNTS)]
        open_tickets(desk, accounts, 2 * ACCOUNTS)
        target.take(2 * ACCOUNTS)  # what comes first opens connections and prepares statements
        slow, middle = [], []
        for _ in range(rounds):
            open_tickets(desk, accounts, events)
            latencies_ms = sorted(target.take(events))
            slow.append(latencies_ms[math.ceil(0.99 * events) - 1])
            middle.append(statistics.median(latencies_ms))
        report.add_median(
            "webhooks.first_attempt", slow, "ms p99", 100,
            f"p50 {statistics.median(middle):.1f} ms; {RATE_PER_S}/s, open loop, {events} events of {ACCOUNTS} accounts")


def open_tickets(desk, accounts, count):
    """Each at its instant, whether or not those before have been answered."""
    asked = []
    began = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, began + number / RATE_PER_S - time.monotonic()))
        account = accounts[number % len(accounts)]
        asking = desk.asking("tickets", "open", account, f"Line {number}", "--priority", "p1")
        asked.append(subprocess.Popen(asking, stdout=subprocess.DEVNULL))
    for one in asked:
        if one.wait() != 0:
            raise subprocess.CalledProcessError(one.returncode, one.args)
