from chapter import Chapter


class FirstAgency(Chapter):
    def test_it_has_staff_and_a_key(self):
        self.here.holdfast(
            "agencies", "create", "Tri-State Telecom Advisors", "--time-zone", "America/New_York", "--staff-name", "Pat",
            "--staff-email", "pat@agency.example",
        )
        self.assertEqual(self.here.holdfast("agencies", "show")[0]["name"], "Tri-State Telecom Advisors")
