from chapter import Chapter


class StopAndStart(Chapter):
    def test_nothing_is_missing(self):
        ticket = self.left.ticket["id"]
        before = self.here.holdfast("tickets", "show", ticket)
        self.here.down()
        self.here.up()
        self.assertEqual(self.here.holdfast("tickets", "show", ticket), before)
