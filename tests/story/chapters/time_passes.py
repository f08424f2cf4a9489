import datetime
import zoneinfo

from chapter import Chapter

ZONE = "America/New_York"
# R24, for an account that is neither key nor of many locations.
LEADS = (120, 90, 60, 30, 14, 7, 3, 1, 0)
NOTICE_DAYS = 60
DAY = datetime.timedelta(days=1)


def instant(day, hour):
    local = datetime.datetime.combine(day, datetime.time(hour), zoneinfo.ZoneInfo(ZONE))
    return local.astimezone(datetime.timezone.utc)


def year_after(day):
    return day.replace(year=day.year + 1)


class TimePasses(Chapter):
    """Leaves the clock some two years further."""

    def setUp(self):
        self.today = self.clock().astimezone(zoneinfo.ZoneInfo(ZONE)).date()

    def clock(self):
        return self.read(self.here.holdfast("clock", "show")[0]["businessNow"])

    def read(self, shown):
        return datetime.datetime.fromisoformat(shown)

    def contract(self, name, starts, action):
        staff = self.here.holdfast(
            "agencies", "add-staff", name, "--email", f"{name.lower()}@agency.example", "--time-zone", ZONE
        )[0]
        account = self.here.holdfast("accounts", "create", f"{name} Dental", "--owner-id", staff["id"])[0]
        request = {
            "accountId": account["id"],
            "number": f"{name}-1",
            "carrierName": "Lumen",
            "plan": {
                "termStart": starts.isoformat(),
                "termMonths": 12,
                "endOfTermAction": f"END_OF_TERM_ACTION_{action}",
                "noticeValue": NOTICE_DAYS,
                "noticeUnit": "NOTICE_UNIT_CALENDAR_DAYS",
                "timeZone": ZONE,
            },
        }
        return self.call("contracts/v1/contracts", "ContractService", "CreateContract", request)["id"]

    def ledger(self, contract):
        return [
            (entry["kind"].removeprefix("FACT_KIND_"), entry["leadDays"], self.read(entry["effectiveAt"]).timestamp())
            for entry in self.here.holdfast("contracts", "reminders", contract)
        ]

    def first_year(self, starts, end):
        """What falls due for somebody who never answers: each thing once, dated when it was due."""
        last_day = year_after(starts) - DAY
        deadline = last_day - NOTICE_DAYS * DAY
        due = [("CONTRACT_EXPIRING", lead, instant(deadline - lead * DAY, 9)) for lead in LEADS]
        due += [("NOTICE_DEADLINE_MISSED", 0, instant(deadline + DAY, 0)), (end, 0, instant(last_day + DAY, 0))]
        return [(kind, lead, at.timestamp()) for kind, lead, at in due]

    def test_1_each_reminder_comes_once_and_the_term_rolls(self):
        starts = self.today - 30 * DAY
        renews = self.contract("Granite", starts, "AUTO_RENEW")
        ends = self.contract("Quarry", starts, "AUTO_DISCONNECT")
        before = self.clock()
        self.here.holdfast("clock", "advance", "400d", timeout_s=600)  # of the imported book as well
        self.assertGreaterEqual(self.clock() - before, 400 * DAY)

        self.assertEqual(self.ledger(renews), self.first_year(starts, "CONTRACT_AUTO_RENEWED"))
        self.assertEqual(self.ledger(ends), self.first_year(starts, "CONTRACT_EXPIRED"))
        shown = self.here.holdfast("contracts", "show", renews)[0]
        self.assertEqual(shown["currentTerm"]["number"], 1)
        self.assertEqual(shown["currentTerm"]["start"], year_after(starts).isoformat())
        self.assertEqual(self.here.holdfast("contracts", "show", ends)[0]["state"], "CONTRACT_STATE_EXPIRED")

        told = [event for event in self.events_of(renews) if event["type"] == "holdfast.contract-expiring.v1"]
        reminded = [event["data"]["leadDays"] for event in told]
        self.assertEqual(reminded, list(LEADS), "integrations hear of each, once and in order")

    def test_2_ten_days_of_standstill_leave_the_same_ledger(self):
        starts = self.today - 30 * DAY
        contract = self.contract("Basalt", starts, "AUTO_RENEW")
        deadline = year_after(starts) - DAY - NOTICE_DAYS * DAY
        # To the day before the last week, in which five reminders come and the deadline passes.
        self.here.holdfast("clock", "advance", f"{(deadline - self.today).days - 8}d", timeout_s=600)
        awakes = self.clock() + 10 * DAY
        self.here.down()
        self.here.up("--clock", awakes.strftime("%Y-%m-%dT%H:%M:%SZ"))
        self.here.holdfast("clock", "advance", "0s")
        told = [entry for entry in self.first_year(starts, "CONTRACT_AUTO_RENEWED") if entry[2] <= self.clock().timestamp()]
        self.assertEqual(len(told), len(LEADS) + 1)
        self.assertEqual(self.ledger(contract), told)
        self.here.holdfast("clock", "advance", "100d", timeout_s=600)
        self.assertEqual(self.ledger(contract), self.first_year(starts, "CONTRACT_AUTO_RENEWED"))

    def test_3_all_that_must_hold_holds(self):
        verdicts = self.here.holdfast("verify")
        self.assertEqual([one for one in verdicts if not one["holds"]], [])
        self.assertEqual({one["service"] for one in verdicts}, {"accounts", "contracts", "tickets", "notifications"})
        for name in ("one-running-term", "ledger-complete", "streams-without-gaps", "lanes-ordered"):
            self.assertIn(name, {one["name"] for one in verdicts})

    def test_4_the_clock_never_goes_back(self):
        before = self.clock()
        self.here.down()
        self.here.up()
        self.assertGreaterEqual(self.clock(), before)

    def events_of(self, contract):
        told = self.here.holdfast("events", "tail", "--topic", "holdfast.renewals", "--from-beginning")
        return [event for event in told if event["data"]["contract"]["id"] == contract]
