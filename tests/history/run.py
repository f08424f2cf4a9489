"""Attacks an installation of its own and decides from what was seen whether Holdfast kept its promises."""

import argparse
import random
import sys
import time
from pathlib import Path

import checks
from history import History
from nemesis import KINDS, Nemesis
from observers import MailServer, WebhookReceiver
from settle import NotQuiet, patience_after, picture, settle
from stack import Stack
from wire import Caller, Protos
from workload import Client, Known

CLIENTS = 4
ACCOUNTS_AT_FIRST = 8
STAFF_AT_FIRST = 2
READY_TO_STOP_S = 30


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="the build's folder; the installation lives below it")
    parser.add_argument("--preset", default="dev", help="the build that is started")
    parser.add_argument("--faults", type=int, default=200, help="how many (200)")
    parser.add_argument("--seed", type=int, help="what faults and commands follow from; another each time unless given")
    parser.add_argument(
        "--kinds",
        type=lambda text: text.split(","),
        default=list(KINDS),
        metavar="A,B",
        help=f"which faults: {', '.join(KINDS)}; all unless given",
    )
    parser.add_argument("--keep", action="store_true", help="leave logs and history below the build's folder")
    arguments = parser.parse_args()
    if unknown := set(arguments.kinds) - set(KINDS):
        parser.error(f"no such faults: {', '.join(sorted(unknown))}")
    if arguments.seed is None:
        arguments.seed = random.SystemRandom().randrange(10**9)
    return arguments


class World:
    """What clients need to know of where they are."""

    def __init__(self, stack, webhook_url, reading_key):
        self.programs = stack.programs
        self.webhook_url = webhook_url
        self.reading_key = reading_key


def prepare(stack, caller, history, receiver, seed):
    """Before anything goes wrong: staff, a key that may only read, accounts and sites. The clients."""
    chance, known = random.Random(f"setup {seed}"), Known()
    agencies = "holdfast.accounts.v1.AgencyService/"
    known.add("staff", stack.staff)
    for number in range(STAFF_AT_FIRST):
        outcome, answer, reason = caller.call(
            "accounts",
            f"{agencies}AddStaff",
            {"name": f"Staff {number}", "email": f"staff{number}@agency.example", "time_zone": "America/Chicago"},
            "setup",
            20,
        )
        assert outcome == "ok", reason
        known.add("staff", answer["id"])
    outcome, answer, reason = caller.call(
        "accounts", f"{agencies}CreateKey", {"name": "reads", "permissions": ["contracts.read"]}, "setup", 20
    )
    assert outcome == "ok", reason
    world = World(stack, receiver.url, answer["key"])
    clients = [Client(number, seed, caller, history, known, world) for number in range(CLIENTS)]
    for _ in range(ACCOUNTS_AT_FIRST):
        assert clients[0].create_account() == "ok"
    assert clients[0].subscribe() == "ok"
    for _ in range(chance.randrange(4, 10)):
        clients[0].add_location()
    return clients


def run(arguments):
    history = History(arguments.build / "history.jsonl" if arguments.keep else None)
    mail_server, receiver = MailServer(history), WebhookReceiver(arguments.seed, history)
    stack = Stack(
        arguments.build,
        arguments.preset,
        arguments.seed,
        small_disk="disk" in arguments.kinds,
        faults=arguments.faults,
        environment={
            "HOLDFAST_NOTIFICATIONS_MAIL_SMTP_URL": mail_server.url,
            "HOLDFAST_NOTIFICATIONS_MAIL_FROM": "holdfast@agency.example",
            "HOLDFAST_NOTIFICATIONS_MAIL_TLS": "whenOffered",
            # A process that died is not waited for longer than needed: the lease of a mail is this and a minute.
            "HOLDFAST_NOTIFICATIONS_MAIL_TOTAL_TIMEOUT_MS": "1000",
            "HOLDFAST_NOTIFICATIONS_WEBHOOKS_TOTAL_TIMEOUT_MS": "3000",
            "HOLDFAST_NOTIFICATIONS_WEBHOOKS_ALLOW_PRIVATE_TARGETS": "true",
        },
    )
    began = time.monotonic()
    said = lambda text: print(f"{time.monotonic() - began:7.1f} s  {text}", flush=True)
    try:
        stack.up()
        if "disk" in arguments.kinds and not stack.small_disk:
            said("no small disk can be mounted here: the fault 'disk' is left out")
            arguments.kinds.remove("disk")
        caller = Caller(Protos(arguments.build), stack.addresses, stack.key)
        clients = prepare(stack, caller, history, receiver, arguments.seed)
        said("the installation is up, and the clients begin")
        findings, evidence, nemesis = attack(arguments, stack, caller, clients, history, receiver, said)
        show(findings, evidence, nemesis, history, said)
        return any(findings.values())
    finally:
        stack.down(wipe=not arguments.keep)
        receiver.close()
        mail_server.close()
        history.close()


def attack(arguments, stack, caller, clients, history, receiver, said):
    nemesis = Nemesis(stack, caller, history, arguments.seed, arguments.kinds)
    for client in clients:
        client.start()
    nemesis.attack(arguments.faults)
    for client in clients:
        client.stop()
    for client in clients:
        client.join(READY_TO_STOP_S)
        if client.failure:
            raise client.failure
    said(f"{arguments.faults} faults are through; what was begun comes to its end")
    try:
        settle(stack, nemesis, receiver)
        evidence = picture(stack, caller, history, patience_after(arguments.faults))
    except (NotQuiet, TimeoutError) as reason:
        return {"comes-to-rest": [str(reason)]}, None, nemesis
    nemesis.leave()
    said("everything is quiet; the history is checked")
    return checks.find(evidence), evidence, nemesis


def show(findings, evidence, nemesis, history, said):
    for check, found in findings.items():
        for finding in found[: checks.SHOWN]:
            print(f"FOUND {check}: {finding}", flush=True)
        if len(found) > checks.SHOWN:
            print(f"FOUND {check}: … and {len(found) - checks.SHOWN} more", flush=True)
    outcomes = {}
    for answer in history.of("response"):
        outcomes[answer["outcome"]] = outcomes.get(answer["outcome"], 0) + 1
    said("faults: " + ", ".join(f"{count} {kind}" for kind, count in nemesis.counts.items()))
    said("calls: " + ", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    if evidence:
        said(
            f"{len(evidence.operations)} commands, {len(evidence.log)} records on Kafka, {len(evidence.arrivals)} "
            f"arrivals, {len(evidence.webhooks)} webhooks, {len(evidence.mails)} mails, {len(evidence.poison)} poisonous"
        )
    said(f"{len(findings)} checks, {sum(len(found) for found in findings.values())} findings")


def main():
    arguments = parse()
    print(f"seed {arguments.seed}: tools/test history --faults {arguments.faults} --seed {arguments.seed}", flush=True)
    sys.exit(1 if run(arguments) else 0)


if __name__ == "__main__":
    main()
