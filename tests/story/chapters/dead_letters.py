import datetime
import subprocess
import uuid

from chapter import Chapter
from installation import CHECKOUT, run

MESSAGE = """ticket {{ id: "{ticket}" account_id: "{account}" owner_id: "{owner}" name: "No dial tone" version: 1
  priority: PRIORITY_P1 status: TICKET_STATUS_ACKNOWLEDGED opened_at {{ seconds: {seconds} }} }}"""


class DeadLetters(Chapter):
    """Somebody writes to Kafka who should not: an event about an account that nobody knows."""

    def produce(self, owner, account):
        text = MESSAGE.format(ticket=uuid.uuid4(), account=account, owner=owner,
                              seconds=int(datetime.datetime.now().timestamp()))
        payload = subprocess.run(
            ["protoc", "--encode=holdfast.tickets.v1.TicketOpened", "-I", CHECKOUT / "proto",
             "holdfast/tickets/v1/events.proto"],
            input=text.encode(), capture_output=True, check=True, timeout=60,
        ).stdout
        agency = self.here.holdfast("agencies", "show")[0]["id"]
        event = str(uuid.uuid4())
        headers = {
            "ce_id": event,
            "ce_type": "holdfast.ticket-opened.v1",
            "ce_agency": agency,
            "ce_sequence": "1",
            "ce_time": "2026-12-01T15:00:00Z",
        }
        file = self.here.state / "event.bin"
        file.write_bytes(payload)
        flags = [part for name, value in headers.items() for part in ("-H", f"{name}={value}")]
        run(["kcat", "-b", self.here.addresses["kafka"], "-t", "holdfast.tickets", "-P", "-k", f"{agency}/{account}",
             *flags, file])
        return event

    def test_an_event_that_nobody_can_handle_waits_for_an_operator(self):
        owner = self.here.holdfast("agencies", "add-staff", "Dee", "--email", "dee@agency.example", "--time-zone",
                                   "America/New_York")[0]["id"]
        account = str(uuid.uuid4())
        event = self.produce(owner, account)
        self.here.holdfast("clock", "advance", "0s")  # until all is handled, one way or the other
        letters = [letter for letter in self.here.holdfast("dlq", "list") if letter["eventId"] == event]
        self.assertTrue(letters)
        told = next(letter for letter in letters if letter["service"] == "notifications")
        self.assertEqual(told["reason"], "ACCOUNT_NOT_FOUND")
        redrive = ("dlq", "redrive", told["service"], told["handler"], event)
        self.here.holdfast(*redrive, expect=1)

        self.here.holdfast("accounts", "create", "Slate Dental", "--id", account, "--owner-id", owner)
        for letter in letters:
            self.here.holdfast("dlq", "redrive", letter["service"], letter["handler"], event)
        self.here.holdfast(*redrive, expect=1)
        self.assertEqual([one for one in self.here.holdfast("dlq", "list") if one["eventId"] == event], [])
        self.assertEqual(len(self.mailbox.wait_to("dee@agency.example")), 1, "told now, and once")
