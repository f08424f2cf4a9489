"""Who is told: mail servers and webhook targets that can be made to hang, as a broken one does: it takes, and never
answers."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from aiosmtpd.controller import Controller
from stand import PATIENCE_S, ports


class Target:
    """An integration's server on a loopback address of its own; what it was sent, in the order of arrival."""

    changed = threading.Condition()  # of all of them

    def __init__(self, address):
        self.ids = []  # webhook-id, one a request
        self.accounts = []  # whose each was
        self.answered = 0
        self._may_answer = threading.Event()
        self._may_answer.set()
        target = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                target._take(self.headers["webhook-id"], body["partitionkey"])
                target._may_answer.wait()
                with Target.changed:
                    target.answered += 1
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer((address, 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://{address}:{self._server.server_address[1]}/in"

    def _take(self, webhook, account):
        with Target.changed:
            self.ids.append(webhook)
            self.accounts.append(account)
            Target.changed.notify_all()

    def hang(self):
        self._may_answer.clear()

    def wake(self):
        self._may_answer.set()

    def wait_for(self, count):
        """Until so many different events have come."""
        Target.wait_until(lambda: len(set(self.ids)) >= count)

    @staticmethod
    def wait_until(holds):
        with Target.changed:
            assert Target.changed.wait_for(holds, PATIENCE_S), "it never came"

    def events(self):
        """Of each stream the ids in the order in which they first came."""
        streams = {}
        for webhook, account in dict(zip(self.ids, self.accounts)).items():
            streams.setdefault(account, []).append(webhook)
        return streams

    def end(self):
        self.wake()
        self._server.shutdown()
        self._server.server_close()


class MailServer:
    """A real SMTP server. While it hangs it takes a mail's text and does not say that it has it."""

    def __init__(self):
        self.kept = []
        self.offered = 0
        self._changed = threading.Condition()
        (port,) = ports.pick_free(1)
        self._controller = Controller(self, hostname="127.0.0.1", port=port)
        self._controller.start()
        self._may_answer = None
        self._tell(self._make_event)
        self.url = f"smtp://127.0.0.1:{port}"

    async def handle_DATA(self, _server, _session, envelope):
        with self._changed:
            self.offered += 1
            self._changed.notify_all()
        await self._may_answer.wait()
        with self._changed:
            self.kept.append(envelope)
            self._changed.notify_all()
        return "250 kept"

    def hang(self):
        self._tell(lambda: self._may_answer.clear())

    def wake(self):
        self._tell(lambda: self._may_answer.set())

    def _make_event(self):
        self._may_answer = asyncio.Event()
        self._may_answer.set()

    def _tell(self, what):
        """Its loop, on its thread: done when this returns."""
        done = threading.Event()
        self._controller.loop.call_soon_threadsafe(lambda: (what(), done.set()))
        done.wait()

    def wait_until(self, holds):
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self), PATIENCE_S), f"{self.offered} offered, {len(self.kept)} kept"

    def end(self):
        self.wake()
        self._controller.stop()
