from installation import run
from ticket_chapter import TicketChapter


class Promises(TicketChapter):
    """What happens to a ticket by itself, by the moved clock. Leaves the clock a week further."""

    def events_of(self, ticket):
        """The types of its events on Kafka, as kcat reads them: the id stands in the data as it is."""
        topic = ["-b", self.here.addresses["kafka"], "-t", "holdfast.tickets", "-C", "-e", "-q"]
        printed = run(["kcat", *topic, "-f", "%h|%s(end of event)"]).split("(end of event)")
        return [
            headers.split("ce_type=holdfast.")[1].split(".v1")[0]
            for headers, data in (record.split("|", 1) for record in printed if "|" in record) if ticket in data
        ]

    def mails_about(self, text):
        """Subjects of what the owner was sent."""
        return [
            message["subject"] for message in self.mailbox.wait_to("jan@agency.example")
            if text in message["subject"] + message.get_body(("plain",)).get_content()
        ]

    def test_1_the_owner_is_told_before_one_breaks_and_when_it_has(self):
        ticket = self.open("Trunk group T-9 is out")
        self.assertFalse(set(self.events_of(ticket)) & {"sla-warning", "sla-breached"})
        self.here.holdfast("clock", "advance", "12m")
        self.assertIn("sla-warning", self.eventually(lambda: self.events_of(ticket)))
        self.assertNotIn("sla-breached", self.events_of(ticket))
        self.eventually(lambda: len(self.mails_about("Trunk group T-9 is out")) == 2)
        self.here.holdfast("clock", "advance", "4m")
        self.eventually(lambda: "sla-breached" in self.events_of(ticket))
        self.eventually(lambda: len(self.mails_about("Trunk group T-9 is out")) == 3)
        self.assertIn(ticket, [one["id"] for one in self.here.holdfast("tickets", "list", "--overdue")])
        acknowledge = self.here.holdfast("tickets", "promises", ticket)[0]
        self.assertEqual(acknowledge["state"], "SLA_STATE_BREACHED")
        self.assertLess(int(acknowledge["remainingSeconds"]), 0)
        self.assertEqual(self.events_of(ticket).count("sla-warning"), 1)

    def test_2_resolved_and_unopposed_a_ticket_closes_by_itself(self):
        ticket = self.open("Echo on the line")
        self.verb("assign", ticket, self.left.ticket["ownerId"])
        self.verb("resolve", ticket, "echo canceller set")
        self.here.holdfast("clock", "advance", "7d", timeout_s=600)  # of the imported book as well
        self.eventually(lambda: self.verb("show", ticket)["status"] == "TICKET_STATUS_CLOSED")
        self.assertEqual(self.here.holdfast("tickets", "history", ticket)[-1]["changedBy"], "tickets.timers")
