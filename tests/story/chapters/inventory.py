from chapter import Chapter

REPAIR, AFTER_HOURS, PIN = "+18005550161", "+18445550104", "4711"


class Inventory(Chapter):
    """Needs `account`."""

    def test_1_the_carriers_number_for_the_hour_comes_first(self):
        carrier = self.here.holdfast("carriers", "create", "Bluebonnet Telephone")[0]
        self.here.holdfast(
            "carriers", "add-contact", carrier["id"], "repair", "--phone", REPAIR, "--after-hours-phone", AFTER_HOURS,
            "--hours", "Mon-Fri 08:00-17:00", "--time-zone", "America/New_York",
        )
        for instant, number in (("2026-03-06T15:00:00Z", REPAIR), ("2026-03-06T23:00:00Z", AFTER_HOURS)):
            contacts = self.here.holdfast("carriers", "contacts", carrier["id"], "--function", "repair", "--at", instant)
            self.assertEqual([contact["phones"][0] for contact in contacts], [number], instant)
        self.left.carrier = carrier

    def test_2_a_circuit_is_known_until_it_is_terminated(self):
        account, carrier = self.left.account["id"], self.left.carrier["id"]
        product = self.here.holdfast(
            "products", "add", account, carrier, "32/HCGS/123456//SW", "--type", "circuit", "--service", "DIA"
        )[0]
        listed = self.here.holdfast("products", "list", "--account-id", account, "--status", "active")
        self.assertEqual(listed, [product])
        ended = self.here.holdfast("products", "terminate", product["id"], "2026-11-30", "--reason", "moved")[0]
        self.assertEqual(ended["status"], "PRODUCT_STATUS_TERMINATED")

    def test_3_a_pin_is_masked_until_somebody_says_why(self):
        number = self.here.holdfast(
            "carriers", "add-account", self.left.carrier["id"], self.left.account["id"], "5-ABC 0149"
        )[0]
        whose = ("--carrier-account-id", number["id"])
        kept = self.here.holdfast("verifications", "set", "pin", "--value", PIN, *whose)
        listed = self.here.holdfast("verifications", "list", *whose)
        self.assertEqual(listed, kept)
        self.assertNotIn(PIN, str(listed))
        revealed = self.here.holdfast("verifications", "reveal", "pin", "outage at HQ", *whose)[0]
        self.assertEqual(revealed, {"value": PIN})

    def test_4_a_changed_account_is_read_as_it_is(self):
        account = self.left.account["id"]
        changed = self.here.holdfast("accounts", "change", account, "--name", "Alder Point Bank", "--etag", "1")[0]
        self.assertEqual(self.here.holdfast("accounts", "show", account)[0], changed)
        self.assertIn(changed, self.here.holdfast("accounts", "list"))
