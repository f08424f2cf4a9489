"""Those who are told: consumers of the topics, a webhook receiver that answers badly at times, a mail server."""

import email
import email.policy
import http.server
import json
import random
import socket
import threading
import time

import confluent_kafka
from aiosmtpd.controller import Controller

TOPICS = ["holdfast.accounts", "holdfast.contracts", "holdfast.notifications", "holdfast.renewals", "holdfast.tickets"]
GROUP = "history-observers"
BAD_ANSWERS = 0.03


def consumer(brokers, group, **settings):
    return confluent_kafka.Consumer(
        {
            "bootstrap.servers": brokers,
            "group.id": group,
            "auto.offset.reset": "earliest",
            "session.timeout.ms": 10000,
            "reconnect.backoff.max.ms": 1000,
            "topic.metadata.refresh.interval.ms": 5000,
            "log_level": 0,
            "error_cb": lambda error: None,
            **settings,
        }
    )


def described(message):
    headers = {name: value.decode() for name, value in message.headers() or []}
    return {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "key": (message.key() or b"").decode(errors="replace"),
        "id": headers.get("ce_id", ""),
        "type": headers.get("ce_type", ""),
        "sequence": int(headers.get("ce_sequence", 0)),
        "request": headers.get("ce_requestid", ""),
        "time": headers.get("ce_time", ""),
        "agency": headers.get("ce_agency", ""),
    }


class GroupMember(threading.Thread):
    """A member of the operator's own group; joins and leaves as the nemesis wants."""

    def __init__(self, name, brokers, history):
        super().__init__(name=f"observer {name}", daemon=True)
        self._member = name
        self._brokers = brokers
        self._history = history
        self._done = threading.Event()

    def run(self):
        member = consumer(self._brokers, GROUP, **{"auto.commit.interval.ms": 1000})
        member.subscribe(TOPICS)
        try:
            while not self._done.is_set():
                message = member.poll(0.2)
                if message is not None and message.error() is None:
                    self._history.add("arrival", member=self._member, **described(message))
        finally:
            member.close()

    def leave(self):
        self._done.set()
        self.join(timeout=60)


def read_log(brokers, protos, topics, patience_s=60):
    """Each topic from its first record to the last that it has now, in the order of offsets."""
    reader = consumer(brokers, "history-reader", **{"enable.auto.commit": False, "enable.partition.eof": True})
    records = []
    try:
        known = reader.list_topics(timeout=patience_s).topics
        partitions = [
            confluent_kafka.TopicPartition(topic, number, confluent_kafka.OFFSET_BEGINNING)
            for topic in topics
            if topic in known
            for number in known[topic].partitions
        ]
        reader.assign(partitions)
        open_ends = {(each.topic, each.partition) for each in partitions}
        give_up_at = time.monotonic() + patience_s
        while open_ends:
            message = reader.poll(1)
            if message is None:
                if time.monotonic() > give_up_at:
                    raise TimeoutError(f"Kafka did not give {open_ends}")
            elif message.error() is None:
                found = described(message)
                records.append({**found, "data": protos.event(found["type"], message.value())})
            elif message.error().code() == confluent_kafka.KafkaError._PARTITION_EOF:
                open_ends.discard((message.topic(), message.partition()))
    finally:
        reader.close()
    return sorted(records, key=lambda record: (record["topic"], record["partition"], record["offset"]))


class WebhookReceiver:
    """http://127.0.0.1:port/<subscription>: keeps what comes and how it was answered."""

    def __init__(self, seed, history):
        self._random = random.Random(f"webhooks {seed}")
        self._lock = threading.Lock()
        self.bad_answers = BAD_ANSWERS
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                receiver.take(self, history)

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, name="webhooks", daemon=True).start()

    def take(self, handler, history):
        body = json.loads(handler.rfile.read(int(handler.headers["content-length"])))
        with self._lock:
            answer = self._random.choice([500, 429, 0]) if self._random.random() < self.bad_answers else 204
        # Before the answer: what the sender does upon it comes later.
        history.add(
            "webhook",
            subscription=handler.path.strip("/"),
            id=handler.headers["webhook-id"],
            answer=answer,
            type=body["type"],
            key=body["partitionkey"],
            sequence=int(body["sequence"]),
            source=body["source"],
        )
        if answer == 0:
            handler.close_connection = True
            handler.connection.shutdown(socket.SHUT_RDWR)
            return
        handler.send_response(answer)
        handler.send_header("content-length", "0")
        handler.end_headers()

    def close(self):
        self._server.shutdown()


class MailServer:
    """A real SMTP server that keeps what it is sent."""

    def __init__(self, history):
        self._history = history
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()
        self.url = f"smtp://127.0.0.1:{port}"

    async def handle_DATA(self, _server, _session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        self._history.add(
            "mail", id=mail["message-id"].strip("<>").split("@")[0], to=envelope.rcpt_tos, subject=mail["subject"]
        )
        return "250 kept"

    def close(self):
        self._controller.stop()
