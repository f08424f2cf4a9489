from chapter import Chapter


class TicketChapter(Chapter):
    """What the chapters about tickets have besides: the verbs as a desk types them. Needs `account` and `ticket`."""

    def verb(self, *arguments):
        return self.here.holdfast("tickets", *arguments)[0]

    def open(self, name):
        location = self.left.ticket["locationId"]
        return self.verb("open", self.left.account["id"], name, "--location-id", location, "--priority", "p1")["id"]
