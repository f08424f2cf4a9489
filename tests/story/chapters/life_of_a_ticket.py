from ticket_chapter import TicketChapter


class LifeOfATicket(TicketChapter):
    """The verbs of tickets, as a desk types them."""

    def refused(self, *arguments):
        self.here.holdfast("tickets", *arguments, expect=1)

    def test_1_step_by_step_and_no_other_step(self):
        ticket = self.open("No dial tone")
        staff = self.here.holdfast("agencies", "add-staff", "Kim", "--email", "kim@agency.example", "--time-zone",
                                   "America/Chicago")[0]["id"]
        self.refused("resume", ticket)
        self.verb("assign", ticket, staff)
        linked = self.verb("link", ticket, "Lumen", "L-4711")
        self.assertEqual((linked["carrier"], linked["carrierTicket"]), ("Lumen", "L-4711"))
        self.refused("close", ticket)
        self.assertEqual(self.verb("pause", ticket, "pending-customer")["status"], "TICKET_STATUS_PENDING")
        (_, restore) = self.here.holdfast("tickets", "promises", ticket)
        self.assertEqual((restore["name"], restore["state"]), ("PROMISE_RESTORE", "SLA_STATE_PAUSED"))
        self.refused("pause", ticket, "no-access")
        self.refused("resolve", ticket, "too early")
        self.verb("resume", ticket)
        self.verb("resolve", ticket, "card replaced")
        self.verb("reopen", ticket)
        self.verb("resolve", ticket, "card replaced once more")
        self.assertEqual(self.verb("close", ticket)["status"], "TICKET_STATUS_CLOSED")
        for step in ("reopen", "cancel", "resume"):
            self.refused(step, ticket)

        history = self.here.holdfast("tickets", "history", ticket)
        self.assertEqual([change["status"].removeprefix("TICKET_STATUS_") for change in history], [
            "ACKNOWLEDGED", "IN_PROGRESS", "PENDING", "IN_PROGRESS", "RESOLVED", "IN_PROGRESS", "RESOLVED", "CLOSED",
        ])
        promises = self.here.holdfast("tickets", "promises", ticket)
        self.assertEqual({promise["state"] for promise in promises}, {"SLA_STATE_MET"})
        self.assertEqual(len(promises), 3, "a reopened ticket is promised to be restored again")
        account = ("--account-id", self.left.account["id"])
        self.assertIn(ticket, [one["id"] for one in self.here.holdfast("tickets", "list", *account, "--status", "closed")])
        self.assertNotIn(ticket, [one["id"] for one in self.here.holdfast("tickets", "list", *account, "--open")])
