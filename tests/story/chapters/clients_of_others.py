import itertools
import json
import os
import shutil

from chapter import CLIENTS, Chapter, Stage
from installation import CHECKOUT, run

CACHE = CHECKOUT / ".cache"
GRPCURL = "github.com/fullstorydev/grpcurl/cmd/grpcurl@v1.8.9"
TOPICS = ["holdfast.accounts", "holdfast.contracts", "holdfast.notifications", "holdfast.renewals", "holdfast.tickets"]


def grpcurl():
    """From the Go proxy, built once for each version."""
    folder = CACHE / "go" / GRPCURL.split("@")[1]
    if not (folder / "grpcurl").exists():
        built = {**os.environ, "GOPATH": CACHE / "go", "GOBIN": folder, "GOFLAGS": "-modcacherw -buildvcs=false"}
        run(["go", "install", GRPCURL], built, timeout_s=600)
    return folder / "grpcurl"


def java_reader():
    """Compiled with classes that protoc makes of our .proto files; the jars are Maven's, fetched once for each pom.xml."""
    sources, jars = CLIENTS / "java", CACHE / "java-clients"
    pom = sources / "pom.xml"
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
    run(["javac", "-nowarn", "-d", made, "-cp", f"{jars}/*", "-sourcepath", made, sources / "ReadEvents.java"])
    return ["java", "-cp", f"{jars}/*:{made}", "ReadEvents"]


class ClientsOfOthers(Chapter):
    def test_1_java_reads_every_topic(self):
        reader = java_reader()
        for topic in TOPICS:
            printed = run([*reader, self.here.addresses["kafka"], topic])
            events = [json.loads(line) for line in printed.splitlines()]
            with self.subTest(topic):
                self.check(topic, events)
            if topic == "holdfast.tickets":
                opened = next(event for event in events if event["type"] == "holdfast.ticket-opened.v1")
                self.assertEqual(opened["data"]["ticket"]["id"], self.left.ticket["id"])
                self.assertEqual(opened["key"], f"{opened['agency']}/{self.left.account['id']}")

    def check(self, topic, events):
        for event in events:
            self.assertEqual(event["specversion"], "1.0")
            self.assertEqual(event["source"], topic.replace("holdfast.", "/holdfast/"))
            self.assertEqual(event["partitionkey"], event["key"])
            self.assertEqual(event["key"].split("/")[0], event["agency"])
            self.assertEqual(event["partition"], event["javasPartition"], "murmur2, as Java's own producer has it")
        first = list({event["id"]: event for event in events}.values())  # a repeated delivery has the same id
        for key, stream in itertools.groupby(sorted(first, key=lambda event: event["key"]), lambda event: event["key"]):
            numbers = [int(event["sequence"]) for event in stream]
            self.assertEqual(numbers, list(range(1, len(numbers) + 1)), f"in order and without a gap: {key}")

    def test_2_grpcurl_needs_no_files(self):
        service = "holdfast.tickets.v1.TicketService"
        server = self.here.addresses["grpc"]["tickets"]
        call = [grpcurl(), "-plaintext", "-H", f"authorization: Bearer {self.here.key}"]
        self.assertIn(service, run([*call, server, "list"]))
        self.assertIn("rpc OpenTicket", run([*call, server, "describe", service]))
        asked = json.dumps({"id": self.left.ticket["id"]})
        self.assertEqual(json.loads(run([*call, "-d", asked, server, f"{service}/GetTicket"]))["name"], "Circuit down")
