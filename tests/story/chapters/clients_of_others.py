import json
import os
import shutil

from alone import alone
from chapter import CLIENTS, Chapter, Stage
from installation import CHECKOUT, run

CACHE = CHECKOUT / ".cache"
GRPCURL = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.8.9"
TOPICS = ["holdfast.accounts", "holdfast.contracts", "holdfast.notifications", "holdfast.renewals", "holdfast.tickets"]


def grpcurl():
    """From the Go proxy, built once for each version."""
    folder = CACHE / "go" / GRPCURL.split("@")[1]
    with alone(CACHE / "clients.lock"):
        if not (folder / "grpcurl").exists():
            built = {**os.environ, "GOPATH": CACHE / "go", "GOBIN": folder, "GOFLAGS": "-modcacherw -buildvcs=false"}
            run(["go", "install", GRPCURL], built, timeout_s=600)
    return folder / "grpcurl"


def java_reader():
    """Compiled with classes that protoc makes of our .proto files; the jars are Maven's, fetched once for each pom.xml."""
    sources, jars = CLIENTS / "java", CACHE / "java-clients"
    pom = sources / "pom.xml"
    with alone(CACHE / "clients.lock"):
        if not (jars / "pom.xml").exists() or (jars / "pom.xml").read_bytes() != pom.read_bytes():
            shutil.rmtree(jars, ignore_errors=True)
            fetched = f"-DoutputDirectory={jars}"
            run(["mvn", "-B", "-q", "--strict-checksums", "-f", pom, "dependency:copy-dependencies", fetched], timeout_s=600)
            shutil.copy(pom, jars)
    made = Stage.here.state / "java"
    made.mkdir(exist_ok=True)
    proto = CHECKOUT / "proto"
    files = [*(proto / "holdfast").rglob("*.proto"), *(proto / "google" / "api").glob("*.proto")]
    run(["protoc", "-I", proto, "--java_out", made, *files])
    quick = ["-J-XX:TieredStopAtLevel=1", "-nowarn", "-proc:none"]
    run(["javac", *quick, "-d", made, "-cp", f"{jars}/*", "-sourcepath", made, sources / "ReadEvents.java"])
    return ["java", "-cp", f"{jars}/*:{made}", "ReadEvents"]


class ClientsOfOthers(Chapter):
    def test_1_java_reads_every_topic(self):
        printed = run([*java_reader(), self.here.addresses["kafka"], *TOPICS])
        events = [json.loads(line) for line in printed.splitlines()]
        for event in events:
            self.assertEqual(event["specversion"], "1.0")
            self.assertEqual(event["source"], event["topic"].replace("holdfast.", "/holdfast/"))
            self.assertEqual(event["partitionkey"], event["key"])
            self.assertEqual(event["key"].split("/")[0], event["agency"])
            self.assertEqual(event["partition"], event["javasPartition"], "murmur2, as Java's own producer has it")
        self.check_order(events)
        opened = {event["data"]["ticket"]["id"]: event for event in events
                  if event["type"] == "holdfast.ticket-opened.v1"}[self.left.ticket["id"]]
        self.assertEqual(opened["key"], f"{opened['agency']}/{self.left.account['id']}")

    def check_order(self, events):
        """First deliveries of each topic and key come in order and without a gap; a repeated one has the same id."""
        numbers = {}
        for event in {event["id"]: event for event in events}.values():
            numbers.setdefault((event["topic"], event["key"]), []).append(int(event["sequence"]))
        for stream, seen in numbers.items():
            self.assertEqual(seen, list(range(1, len(seen) + 1)), stream)

    def test_2_grpcurl_needs_no_files(self):
        service = "holdfast.tickets.v1.TicketService"
        server = self.here.addresses["grpc"]["tickets"]
        call = [grpcurl(), "-plaintext", "-H", f"authorization: Bearer {self.here.key}"]
        self.assertIn(service, run([*call, server, "list"]))
        self.assertIn("rpc OpenTicket", run([*call, server, "describe", service]))
        asked = json.dumps({"id": self.left.ticket["id"]})
        self.assertEqual(json.loads(run([*call, "-d", asked, server, f"{service}/GetTicket"]))["name"], "Circuit down")
