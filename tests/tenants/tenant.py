"""An agency that has lived: what each RPC left to it, and how it names its things."""

import base64
import datetime
import subprocess
import time
import uuid

import life
from rpcs import PATIENCE_S

# The same for every agency: what one of them was answered must not be another's answer.
REQUESTS = uuid.UUID("0190f3a0-0000-7000-8000-000000000000")


class Tenant:
    def __init__(self, rpcs, agency, name, digits, target):
        self.rpcs, self.key, self.name, self.digits = rpcs, agency.key, name, digits
        book = life.BOOK.replace("{agency}", name).encode()
        self.kept = {
            "target": target, "book": base64.b64encode(book).decode(), "book_bytes": len(book),
            **{each: str(uuid.uuid4()) for each in ("imported", "ordered", "ordered_too")},
        }
        self.answers = []  # all of them

    def call(self, path, request):
        answer = self.rpcs.call(path, request, self.key)
        self.answers.append((path, answer))
        return answer

    def live(self, steps):
        for number, (path, template, keep) in enumerate(steps):
            request = self.filled(template)
            if "request_id" in self.rpcs.methods[path].input_type.fields_by_name:
                request["request_id"] = str(uuid.uuid5(REQUESTS, f"{path} {number}"))
            answer = self._answered(path, request, keep)
            assert answer.code == "OK", f"{self.name}: {path} {request}: {answer}"
            self.kept.update({name: _at(answer.message, where) for name, where in keep.items()})

    def filled(self, template):
        if isinstance(template, dict):
            return {name: self.filled(value) for name, value in template.items()}
        if isinstance(template, list):
            return [self.filled(value) for value in template]
        if isinstance(template, str) and template.startswith("$"):
            return self.kept[template[1:]]
        if isinstance(template, str):
            return template.replace("{agency}", self.name).replace("{digits}", self.digits)
        return template

    def _answered(self, path, request, keep):
        """What follows from an earlier step a moment later is asked for until it is there."""
        give_up_at = time.monotonic() + PATIENCE_S
        while True:
            answer = self.call(path, request)
            follows = answer.code == "OK" and any(_at(answer.message, where) is None for where in keep.values())
            if not follows or time.monotonic() > give_up_at:
                return answer

    def have_a_dead_letter(self, brokers, file):
        """Somebody writes to Kafka who should not: a ticket of an account that nobody knows."""
        opened = self.rpcs.message("holdfast.tickets.v1.TicketOpened")()
        ticket, account = opened.ticket, str(uuid.uuid4())
        ticket.id, ticket.account_id, ticket.owner_id = str(uuid.uuid4()), account, self.kept["staff"]
        ticket.name, ticket.version, ticket.priority, ticket.status = f"{self.name} is lost", 1, 1, 1
        ticket.opened_at.FromDatetime(datetime.datetime.utcnow())
        file.write_bytes(opened.SerializeToString())
        agency = self.kept["agency"]
        headers = {"ce_id": uuid.uuid4(), "ce_type": "holdfast.ticket-opened.v1", "ce_agency": agency, "ce_sequence": 1,
                   "ce_time": datetime.datetime.utcnow().isoformat(timespec="seconds") + "Z"}
        flags = [part for name, value in headers.items() for part in ("-H", f"{name}={value}")]
        subprocess.run(["kcat", "-b", brokers, "-t", "holdfast.tickets", "-P", "-k", f"{agency}/{account}", *flags, file],
                       check=True, timeout=PATIENCE_S)

    def settle(self):
        """Until nothing is left to be done, twice in a row."""
        give_up_at, before = time.monotonic() + PATIENCE_S, None
        while True:
            services = self.rpcs.call("OperationsService/GetQuiescence", {}, self.key).message["services"]
            activity = [service["activity"] for service in services]
            if all(service["settled"] for service in services) and activity == before:
                return
            assert time.monotonic() < give_up_at, f"never quiet: {services}"
            before = activity

    def known_words(self):
        """What no other agency may ever be answered: its ids, its secrets, its name."""
        return {self.name} | {value for name, value in self.kept.items()
                              if isinstance(value, str) and len(value) >= 20 and name not in ("target", "book", "handler")}


def _at(message, where):
    """"deliveries.0.id" in a dictionary; None where there is nothing yet."""
    for part in where.split("."):
        if isinstance(message, list):
            message = message[int(part)] if int(part) < len(message) else None
        else:
            message = message.get(part)
        if not message:
            return None
    return message
