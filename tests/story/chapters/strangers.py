import uuid

from chapter import Chapter


class Strangers(Chapter):
    def read(self, ticket_id, key=None):
        return self.call("tickets/v1/tickets", "TicketService", "GetTicket", {"id": ticket_id}, key)

    def test_they_and_nonsense_are_refused_by_name(self):
        self.assertEqual(self.read(self.left.ticket["id"])["name"], "Circuit down")
        self.assertEqual(self.read("nonsense")["code"], "INVALID_ARGUMENT")
        self.assertEqual(self.read(str(uuid.uuid4()))["code"], "NOT_FOUND")
        self.assertEqual(self.read(self.left.ticket["id"], key="hfk_no")["code"], "UNAUTHENTICATED")
        unnamed = self.call(
            "tickets/v1/tickets", "TicketService", "OpenTicket", {"accountId": self.left.account["id"]}
        )
        self.assertEqual(unnamed["code"], "INVALID_ARGUMENT")
