"""A subscriber: answers as the path asks and reports each request. Usage: webhook_receiver.py"""

import base64
import collections
import http.server
import threading
import urllib.parse

import serving

GIVE_UP_S = 20
REPORTED_ANSWER_BYTES = 1_000_000  # whether the client took all of so long an answer


class Receiver(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = GIVE_UP_S

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        serving.report({
            "path": self.path,
            "headers": {name.lower(): value for name, value in self.headers.items()},
            "body": base64.b64encode(body).decode(),
        })
        if url.path == "/stall":
            self.server.stopping.wait(GIVE_UP_S)
            return
        answer = b"x" * int(query.get("bytes", "2"))
        self.send_response(int(query.get("status", "200")) if self.server.is_early(self.path, query) else 200)
        for name in ("retry-after", "location"):
            if name in query:
                self.send_header(name, query[name])
        self.send_header("content-length", str(len(answer)))
        self.end_headers()
        try:
            self.wfile.write(answer)
            cut = False
        except OSError:
            cut = self.close_connection = True
        if len(answer) >= REPORTED_ANSWER_BYTES:
            serving.report({"cut": cut})

    def do_CONNECT(self):
        serving.report({"path": "CONNECT " + self.path})
        self.send_error(403)

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    seen = collections.Counter()

    def is_early(self, path, query):
        """Whether this is one of the first requests to the path, of which alone a status is asked with `first`."""
        self.seen[path] += 1
        return self.seen[path] <= int(query.get("first", "1000000"))

    def handle_error(self, *_):
        """A client that hangs up on our certificate is what a test wants."""


def start(context):
    server = Server(("127.0.0.1", 0), Receiver)
    server.stopping = threading.Event()
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def main():
    certificate, key = serving.make_certificate()
    serving.report({"https": start(serving.tls_context(certificate, key)), "http": start(None), "ca": certificate})
    serving.until_the_test_ends()


main()
