import uuid

from chapter import BEGINS, Chapter

PLAN = (
    "--plan-term-clock", "turn-up", "--plan-term-months", "36", "--plan-end-of-term-action", "auto-renew",
    "--plan-notice-value", "60", "--plan-notice-unit", "calendar-days", "--plan-time-zone", "America/New_York",
)


class LifeOfAContract(Chapter):
    """The verbs of contracts, as an agent types them. The clock stands on the story's first days."""

    def verb(self, *arguments):
        return self.here.holdfast("contracts", *arguments)[0]

    def test_1_it_is_entered_and_found(self):
        account = self.left.account["id"]
        contract = self.verb(
            "create", account, "--number", "STORY-1", "--carrier-name", "Lumen", "--mrc-minor", "125000",
            "--mrc-currency", "USD", "--plan-term-start", "2024-02-01", *PLAN,
        )
        self.assertLess(BEGINS[:10], contract["currentTerm"]["end"])
        listed = self.here.holdfast("contracts", "list", "--account-id", account)
        self.assertEqual([one["number"] for one in listed], ["STORY-1"])
        (term,) = self.here.holdfast("contracts", "terms", contract["id"])
        self.assertEqual((term["start"], term["end"]), ("2024-02-01", "2027-01-31"))
        self.assertEqual(term["noticeDeadline"], "2026-12-02")
        self.here.holdfast("contracts", "reminders", contract["id"])
        type(self).contract = contract["id"]

    def test_2_its_deadline_stands_in_the_list(self):
        within = [one["contract"]["number"] for one in self.here.holdfast("deadlines", "--within", "90d")]
        self.assertIn("STORY-1", within)
        self.assertIn("DAYS LEFT", self.here.told("deadlines", "--within", "90d").upper())

    def test_3_it_is_decided(self):
        self.assertEqual(self.verb("stay", self.contract)["decision"], "DECISION_STAY")
        amended = self.verb("amend", self.contract, "--number", "STORY-1a", "--reason", "renumbered by the carrier")
        self.assertEqual(amended["number"], "STORY-1a")
        sent = self.verb("send-notice", self.contract, "--method", "certified mail", "--reference", "7020 1810")
        self.assertEqual(sent["decision"], "DECISION_NOTICE_SENT")
        acknowledged = self.verb("acknowledge-notice", self.contract, "--reference", "L-77")
        self.assertEqual(acknowledged["decision"], "DECISION_NOTICE_ACKNOWLEDGED")
        self.assertEqual(acknowledged["lastDay"], "2027-01-31")
        ended = self.verb("terminate", self.contract, "--last-day", "2027-01-15", "--reason", "moved out")
        self.assertEqual(ended["lastDay"], "2027-01-15")

    def test_4_what_does_not_fit_is_refused_and_leaves_it(self):
        self.here.holdfast("contracts", "snooze", self.contract, "2026-02-30", expect=1)
        self.here.holdfast("contracts", "show", str(uuid.uuid4()), expect=1)
        self.here.holdfast("contracts", "snooze", expect=2)
        self.assertEqual(self.verb("show", self.contract)["lastDay"], "2027-01-15")

    def test_5_orders_are_listed(self):
        self.here.holdfast("orders", "list", "--account-id", self.left.account["id"])
