"""The private Apache Kafka: one broker that is its own controller (KRaft), with a small heap."""

import base64
import socket
import struct
import uuid

import process
from messages import Refused
from place import KAFKA_JARS

NAME = "kafka"

PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller}
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL
listeners=CONTROLLER://127.0.0.1:{controller},{listeners}
advertised.listeners={advertised}
log.dirs={data}

# The services declare their topics; a misspelt name is an error, not a new topic.
auto.create.topics.enable=false
# One broker holds every copy.
default.replication.factor=1
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
# Consumers join at once: there are no others to wait for.
group.initial.rebalance.delay.ms=0
# After a crash the controller, which is the same process, holds the broker for alive this long and lets it wait.
broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
# An acknowledged event is on the disk, not only in memory: there is no second broker that would still have it.
log.flush.interval.messages={flush}
# A small machine.
num.network.threads=2
num.io.threads=4
background.threads=2
log.cleaner.dedupe.buffer.size=16777216
"""

# For tests of whoever is to come in that way: a listener with TLS, and a name and a password that are no secret.
GUARDED = """\
ssl.keystore.type=PEM
ssl.keystore.location={keystore}
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  user_holdfast="for tests";
"""

JAVA = ["java", "-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true"]
LOGGING = ["-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dorg.slf4j.simpleLogger.showDateTime=true"]
LOGGING += ["-Dorg.slf4j.simpleLogger.dateTimeFormat=yyyy-MM-dd'T'HH:mm:ss.SSSX"]
NEVER = 9223372036854775807
CERTIFICATE = "certificate.pem"


def start(place, port, controller_port, guarded_port=None, compile_fully=False, advertised_port=None):
    running = process.running(place.state, NAME)
    if running:
        return running
    if not KAFKA_JARS.exists():
        raise Refused("Kafka's jars are not here", "tools/install")
    folder = place.folder("kafka")
    properties = folder / "server.properties"
    addresses = {"tcp": f"127.0.0.1:{port}"}
    listeners = f"PLAINTEXT://127.0.0.1:{port}"
    guarded = ""
    if guarded_port:
        listeners += f",SASL_SSL://localhost:{guarded_port}"
        guarded = GUARDED.format(keystore=_make_certificate(place, folder))
        addresses |= {"guarded": f"localhost:{guarded_port}", "authorities": str(folder / CERTIFICATE)}
    properties.write_text(
        PROPERTIES.format(
            listeners=listeners,
            # Clients come by another way where a test has put a proxy in it.
            advertised=listeners.replace(f":{port}", f":{advertised_port or port}"),
            controller=controller_port,
            data=folder / "data",
            flush=NEVER if place.disposable else 1,
        )
        + guarded
    )
    # Tests live shorter than the second compiler needs to pay off.
    java = (
        JAVA
        + LOGGING
        + (["-XX:TieredStopAtLevel=1"] if place.disposable and not compile_fully else [])
        + ["-cp", f"{place.reachable_jars()}/*"]
    )
    if not (folder / "data" / "meta.properties").exists():
        cluster = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")
        format_storage = [
            "kafka.tools.StorageTool",
            "format",
            f"--cluster-id={cluster}",
            "--ignore-formatted",
            "-c",
            str(properties),
        ]
        process.run(java + format_storage, account=place.account, name="formatting Kafka's storage")
    record = process.start(
        place.state,
        NAME,
        java + ["kafka.Kafka", str(properties)],
        addresses,
        account=place.account,
        directory=folder,
    )
    process.wait_until_ready(place.state, record, lambda: _answers(port), patience_s=120)
    return record


def _make_certificate(place, folder):
    """One that vouches for itself, in a file of its own and, with its key, in the one whose name is returned."""
    certificate, key, keystore = folder / CERTIFICATE, folder / "key.pem", folder / "keystore.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "365", "-subj", "/CN=localhost"]
    make += ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    process.run(make, account=place.account, name="making Kafka's certificate")
    keystore.write_text(key.read_text() + certificate.read_text())
    return keystore


def stop(place):
    record = process.running(place.state, NAME)
    if record:
        process.stop(place.state, record)


def ask(port, kind, version, body):
    """One request in Kafka's own protocol: the answer's bytes, after its correlation number."""
    client = b"holdfast"
    request = struct.pack(">hhih", kind, version, 0, len(client)) + client + body
    with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        answer = connection.makefile("rb")
        return answer.read(struct.unpack(">i", answer.read(4))[0])[4:]


def _answers(port):
    """Asks for metadata without topics (Metadata, version 1): ready when the broker lists itself and a controller."""
    try:
        body = ask(port, 3, 1, struct.pack(">i", 0))
    except (OSError, struct.error):
        return False
    one_broker, controller_1_no_topics = struct.pack(">i", 1), struct.pack(">ii", 1, 0)
    return body.startswith(one_broker) and body.endswith(controller_1_no_topics)
