"""How long our process takes from its start to readiness, and its memory at rest."""

import shutil
import time

import installation
import process
from messages import Refused
from place import Place

STARTS = 5
READY_PATIENCE_S = 60
IDLE_S = 5


def measure_start(report, new_installation, state):
    """From the start of our process to readiness, with databases that are up and migrated; then its memory at rest."""
    shutil.rmtree(state, ignore_errors=True)
    for apart in (False, True):
        started = new_installation(state, apart=apart)
        try:
            started.start_servers()
            started.start_services()
            if not apart:
                times_ms = [restart_ms(started) for _ in range(STARTS)]
                report.add_median("start.ready", times_ms, "ms", 300, "all services in one, databases up")
            time.sleep(IDLE_S)
            memory = started.memory_mib("VmRSS")
        finally:
            installation.stop(Place(state))
        if apart:
            beside = ", ".join(f"{name} {mib:.0f}" for name, mib in memory.items())
            report.add_median("start.memory_apart", [max(memory.values())], "MiB", 40, f"the largest; {beside}")
        else:
            report.add_median("start.memory", list(memory.values()), "MiB", 120, "all services in one, at rest")


def restart_ms(started):
    for name in started.programs():
        process.stop(started.state, process.running(started.state, name))
    began = time.monotonic()
    started.begin_services()
    while not all(started.is_ready(name) for name in started.programs()):
        if time.monotonic() - began > READY_PATIENCE_S:
            raise Refused(f"the services were not ready within {READY_PATIENCE_S} s", f"see {started.state}/logs")
        time.sleep(0.002)
    return (time.monotonic() - began) * 1000
