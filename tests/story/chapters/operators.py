import json
import urllib.request

from chapter import Chapter


class Operators(Chapter):
    def page(self, name):
        admin = next(iter(self.here.addresses["admin"].values()))
        with urllib.request.urlopen(f"{admin}/{name}", timeout=10) as answer:
            return answer.read().decode()

    def test_they_see_that_it_is_ready_and_what_it_does(self):
        self.assertTrue(json.loads(self.page("readyz"))["ready"])
        metrics = self.page("metrics")
        for name in ("holdfast_outbox_events", "holdfast_consumer_lag_events", "holdfast_rpc_duration_seconds_count"):
            self.assertIn(name, metrics)
