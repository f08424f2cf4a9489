import datetime
import json
import queue
import subprocess
import threading

from chapter import CLIENTS, Chapter
from installation import run

ADDRESS = "robin@agency.example"
ATTEMPTS = 10  # R74
# Waits between attempts are real time, days of it, which a story cannot move: they end here as if they were over.
END_WAITS = """SET app.agencies = '{agency}'; UPDATE lanes SET next_due = now() WHERE next_due IS NOT NULL AND NOT claimed;
UPDATE runtime.timers SET next_due = now() WHERE kind = 'notifications.webhook'"""
EVENTS = ("ticket-opened", "contract-expiring", "notice-sent", "delivery-dead-lettered")


class Subscriber:
    """receive.js: it verifies, reads and answers."""

    def __init__(self):
        self.process = subprocess.Popen(
            ["node", str(CLIENTS / "receive.js")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.port = self.next()["port"]

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def next(self, patience_s=60):
        return self.lines.get(timeout=patience_s)

    def tell(self, **told):
        """Which secrets it verifies by, which statuses it answers next."""
        print(json.dumps(told), file=self.process.stdin, flush=True)
        assert self.next() == {"told": told}

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=10)
        self.process.stdout.close()


class Integrations(Chapter):
    """Integrations hear of it, and the owner is told."""

    @classmethod
    def setUpClass(cls):
        cls.subscriber = Subscriber()

    @classmethod
    def tearDownClass(cls):
        cls.subscriber.close()

    def account(self, name):
        return self.here.holdfast(
            "accounts", "create", name, "--owner-id", self.owner["id"], "--status", "active", "--tier", "growth"
        )[0]

    def open_ticket(self, account, name):
        return self.here.holdfast("tickets", "open", account["id"], name, "--priority", "p3")[0]

    def subscription_becomes(self, state):
        for _ in range(100):
            shown = self.here.holdfast("subscriptions", "show", self.subscription["id"])[0]
            if shown["state"] == state:
                return
        self.fail(f"the subscription stays {shown['state']}")

    def test_1_a_subscription_is_made_and_its_secret_shown_once(self):
        cls = type(self)
        cls.owner = self.here.holdfast(
            "agencies", "add-staff", "Robin", "--email", ADDRESS, "--time-zone", "America/Denver"
        )[0]
        cls.first, cls.second = self.account("Bayside Clinics"), self.account("Dockyard Foods")
        made = self.here.holdfast(
            "subscriptions", "create", f"http://127.0.0.1:{self.subscriber.port}/in",
            *(flag for name in EVENTS for flag in ("--event-names", name)),
            *(flag for account in (cls.first, cls.second) for flag in ("--account-ids", account["id"])),
        )[0]
        cls.subscription, cls.secret = made["subscription"], made["secret"]
        self.subscriber.tell(secrets=[self.secret])
        for verb in (("show", self.subscription["id"]), ("list",)):
            self.assertNotIn("whsec_", json.dumps(self.here.holdfast("subscriptions", *verb)))

    def test_2_a_deadline_comes_by_mail_by_webhook_and_for_the_calendar(self):
        today = datetime.date.fromisoformat(self.here.holdfast("clock", "show")[0]["businessNow"][:10])
        deadline = today + datetime.timedelta(days=14)
        contract = self.here.holdfast(
            "contracts", "create", self.first["id"], "--number", "NTC-7", "--carrier-name", "Lumen",
            "--plan-term-start", str(today - datetime.timedelta(days=320)),
            "--plan-term-end", str(deadline + datetime.timedelta(days=30)),
            "--plan-end-of-term-action", "auto-renew", "--plan-notice-value", "30", "--plan-notice-unit", "calendar-days",
            "--plan-time-zone", "America/Los_Angeles",
        )[0]
        self.assertEqual(contract["currentTerm"]["noticeDeadline"], str(deadline))
        # Past nine in Los Angeles: the day's reminder is due, and nobody's quiet hours have begun.
        self.here.holdfast("clock", "advance", "3h")

        received = self.subscriber.next()
        self.assertEqual(received["verified"], [True])
        self.assertEqual(received["event"]["id"], received["webhookId"])
        self.assertEqual(received["event"]["type"], "holdfast.contract-expiring.v1")
        self.assertEqual(received["event"]["data"]["noticeDeadline"], str(deadline))
        self.assertEqual(received["event"]["data"]["leadDays"], 14)

        (mail,) = self.mailbox.wait_to(ADDRESS, 1)
        self.assertIn("Lumen", mail["subject"])
        reminded = self.calendar_of(mail)
        self.assertEqual((reminded["day"], reminded["wholeDay"], reminded["lastsDays"]), (str(deadline), True, 1))
        self.assertEqual((reminded["sequence"], reminded["status"]), (0, "CONFIRMED"))

        self.call("contracts/v1/contracts", "ContractService", "SendNotice", {"id": contract["id"], "method": "portal"})
        self.assertEqual(self.subscriber.next()["event"]["type"], "holdfast.notice-sent.v1")
        settled = self.calendar_of(self.mailbox.wait_to(ADDRESS, 2)[1])
        self.assertEqual((settled["sequence"], settled["status"]), (1, "CANCELLED"))
        self.assertEqual((settled["uid"], settled["day"]), (reminded["uid"], str(deadline)))

    def calendar_of(self, mail):
        (attachment,) = mail.iter_attachments()
        self.assertEqual(attachment.get_content_type(), "text/calendar")
        text = attachment.get_content()
        (entry,) = (json.loads(line) for line in run(["node", CLIENTS / "calendar.js"], stdin=text).splitlines())
        return entry

    def test_3_what_failed_comes_again_and_an_account_keeps_its_order(self):
        self.subscriber.tell(answers=[500])
        opened = [self.open_ticket(self.first, "No dial tone")]
        received = [self.subscriber.next()]
        opened.append(self.open_ticket(self.first, "Still none"))
        elsewhere = self.open_ticket(self.second, "Slow")
        # The retry follows ten seconds later (R74); nobody else waits for it.
        received += [self.subscriber.next() for _ in range(3)]
        self.assertTrue(all(one["verified"] == [True] for one in received))
        tickets = [(one["event"]["data"]["ticket"]["id"], one["status"]) for one in received]
        of_first = [(ticket, status) for ticket, status in tickets if ticket != elsewhere["id"]]
        self.assertEqual(of_first, [(opened[0]["id"], 500), (opened[0]["id"], 200), (opened[1]["id"], 200)])
        again = [one["webhookId"] for one in received if one["event"]["data"]["ticket"]["id"] == opened[0]["id"]]
        self.assertEqual(again[0], again[1])

    def test_4_gone_disables_until_a_person_resumes(self):
        self.subscriber.tell(answers=[410])
        self.open_ticket(self.first, "Noise")
        gone = self.subscriber.next()
        self.subscription_becomes("SUBSCRIPTION_STATE_DISABLED")
        self.here.holdfast("subscriptions", "resume", self.subscription["id"])
        back = self.subscriber.next()
        self.assertEqual((back["webhookId"], back["status"]), (gone["webhookId"], 200))
        self.subscription_becomes("SUBSCRIPTION_STATE_ACTIVE")
        delivery = self.newest_delivery()
        shown = self.here.holdfast("deliveries", "show", delivery["id"])[0]
        self.assertEqual(shown["delivery"]["eventId"], gone["webhookId"])
        self.assertEqual([attempt["status"] for attempt in shown["attempts"]], [410, 200])
        type(self).delivered = delivery

    def newest_delivery(self):
        return self.here.holdfast("deliveries", "list", self.subscription["id"])[0]

    def test_5_after_the_schedule_a_dead_letter_is_told_and_a_person_replays_it(self):
        self.subscriber.tell(answers=[500] * ATTEMPTS)
        self.open_ticket(self.first, "Echo")
        seen = [self.subscriber.next()]
        agency = self.here.holdfast("agencies", "show")[0]["id"]
        for attempt in range(1, ATTEMPTS):
            self.eventually(lambda: self.newest_delivery()["state"].endswith("RETRYING")
                            and self.newest_delivery()["attempts"] == attempt)
            self.here.value_in("notifications", END_WAITS.format(agency=agency))
            seen.append(self.subscriber.next())
        (webhook,) = {one["webhookId"] for one in seen}
        told = self.subscriber.next()["event"]
        self.assertEqual(told["type"], "holdfast.delivery-dead-lettered.v1")
        self.assertEqual(told["data"]["delivery"]["eventId"], webhook)
        self.here.holdfast(
            "deliveries", "replay", self.subscription["id"], "--delivery-id", told["data"]["delivery"]["id"]
        )
        replayed = self.subscriber.next()
        self.assertEqual((replayed["webhookId"], replayed["status"]), (webhook, 200))

    def test_6_a_replay_carries_the_same_id_and_after_a_rotation_both_secrets_fit(self):
        rotated = self.here.holdfast("subscriptions", "rotate", self.subscription["id"])[0]["secret"]
        self.subscriber.tell(secrets=[self.secret, rotated])
        self.here.holdfast("deliveries", "replay", self.subscription["id"], "--delivery-id", self.delivered["id"])
        replayed = self.subscriber.next()
        self.assertEqual(replayed["webhookId"], self.delivered["eventId"])
        self.assertEqual(replayed["verified"], [True, True])

    def test_7_the_owner_is_told_how_promises_stand(self):
        owner = self.here.holdfast(
            "agencies", "add-staff", "Sky", "--email", "sky@agency.example", "--time-zone", "America/Chicago"
        )[0]
        account = self.here.holdfast(
            "accounts", "create", "Elm Street Bank", "--owner-id", owner["id"], "--status", "active", "--tier", "growth"
        )[0]
        ticket = self.here.holdfast("tickets", "open", account["id"], "Site down", "--priority", "p1")[0]
        self.here.holdfast("clock", "advance", "5h")
        self.here.holdfast("tickets", "assign", ticket["id"], owner["id"])
        self.here.holdfast("tickets", "resolve", ticket["id"], "The carrier replaced a card")
        mails = self.mailbox.wait_to("sky@agency.example", 7)
        self.assertEqual(
            sorted(mail["subject"].partition(": ")[2] for mail in mails),
            [
                "new ticket, Site down",
                "resolved, Site down",
                "service restored is late, Site down",
                "the first answer is late, Site down",
                "time runs out for service restored, Site down",
                "time runs out for the first answer, Site down",
                "your ticket, Site down",
            ],
        )
        (resolved,) = (mail for mail in mails if "resolved, " in mail["subject"])
        self.assertIn("Chicago time", resolved.get_body(("plain",)).get_content())

    def test_8_what_must_not_be_called_is_refused_by_name(self):
        def refused(request, code, words):
            answer = self.call("notifications/v1/subscriptions", "SubscriptionService", "CreateSubscription", request)
            self.assertEqual(answer["code"], code)
            self.assertIn(words, answer["details"])

        refused({"callbackUrl": "http://169.254.169.254/latest/meta-data"}, "INVALID_ARGUMENT", "must not be called")
        refused({"callbackUrl": "https://hooks.example.com/", "eventNames": ["ticket-lost"]}, "INVALID_ARGUMENT", "no such event")
        self.here.holdfast("subscriptions", "delete", self.subscription["id"])
        self.here.holdfast("subscriptions", "show", self.subscription["id"], expect=1)
