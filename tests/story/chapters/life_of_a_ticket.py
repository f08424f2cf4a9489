from chapter import Chapter


class LifeOfATicket(Chapter):
    def test_it_is_assigned_resolved_and_closed(self):
        staff = self.here.holdfast("agencies", "add-staff", "Kim", "--email", "kim@agency.example", "--time-zone",
                                   "America/Chicago")[0]
        ticket = self.left.ticket["id"]
        self.here.holdfast("tickets", "assign", ticket, staff["id"])
        self.here.holdfast("tickets", "close", ticket, expect=1)
        self.here.holdfast("tickets", "resolve", ticket, "card replaced")
        self.assertEqual(self.here.holdfast("tickets", "close", ticket)[0]["status"], "TICKET_STATUS_CLOSED")
