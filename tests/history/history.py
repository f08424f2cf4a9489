"""What happened, as those outside saw it: invocations, responses, arrivals. Append-only, one clock, any thread."""

import json
import threading
import time
from collections import defaultdict


class History:
    def __init__(self, file=None):
        self._lock = threading.Lock()
        self._entries = defaultdict(list)
        self._began = time.monotonic()
        self._file = file.open("w") if file else None

    def add(self, what, /, **fields):
        """Stamped and ordered in one step: the order of the list is that of the clock."""
        with self._lock:
            entry = {"at": round(time.monotonic() - self._began, 6), "what": what, **fields}
            self._entries[what].append(entry)
            if self._file:
                self._file.write(json.dumps(entry) + "\n")
        return entry

    def of(self, what):
        with self._lock:
            return list(self._entries[what])

    def count(self, what):
        with self._lock:
            return len(self._entries[what])

    def close(self):
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None


def operations(history):
    """
    One a thing that a client wanted, with all its calls: `outcome` is ok when one call was answered, refused when every
    call was, and unknown when one may have been carried out without an answer.
    """
    found = {}
    for call in history.of("invoke"):
        operation = found.setdefault(call["operation"], {**call, "calls": [], "answers": [], "results": {}})
        operation["calls"].append(call["call"])
    for answer in history.of("response"):
        operation = found[answer["operation"]]
        operation["results"][answer["call"]] = answer["outcome"]
        operation["returned"] = answer["at"]
        if answer["outcome"] == "ok":
            operation["answers"].append(answer["answer"])
        else:
            operation["reason"] = answer["reason"]
    for operation in found.values():
        operation["outcome"] = _outcome(operation)
    return list(found.values())


def _outcome(operation):
    outcomes = operation["results"].values()
    if "ok" in outcomes:
        return "ok"
    if len(outcomes) < len(operation["calls"]) or "unknown" in outcomes:
        return "unknown"
    return "refused"
