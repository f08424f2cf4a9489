"""The whole Internet, in a network namespace: every address there is leads here. Usage: every_address.py

TLS listens on ports 443 and 8443 of all addresses of both families and answers as the path asks (status, location);
what connects is reported with the address that it meant. A DNS server on 127.0.0.1 answers as it was told last: a line of
JSON on standard input, NAME: [ADDRESSES, ADDRESSES, ...], gives the answers to the first question, the second and so on;
the last one stays. Never run outside a namespace: it makes every address one of this machine's."""

import collections
import http.server
import ipaddress
import json
import socket
import socketserver
import struct
import subprocess
import sys
import threading
import urllib.parse

import serving

TYPES = {1: ipaddress.IPv4Address, 28: ipaddress.IPv6Address}
NO_SUCH_NAME = 3


class Names(socketserver.BaseRequestHandler):
    answers = {}
    asked = collections.Counter()

    def handle(self):
        query, sock = self.request
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1:at + 1 + query[at]].decode("latin-1"))
            at += 1 + query[at]
        kind, = struct.unpack_from("!H", query, at + 1)
        name = ".".join(labels).lower()
        turns = self.answers.get(name)
        records = []
        if turns and kind in TYPES:
            turn = min(self.asked[name, kind], len(turns) - 1)
            self.asked[name, kind] += 1
            found = [ipaddress.ip_address(address) for address in turns[turn]]
            records = [address.packed for address in found if isinstance(address, TYPES[kind])]
        flags = 0x8580 | (0 if turns else NO_SUCH_NAME)
        answer = query[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0) + query[12:at + 5]
        for record in records:  # the name is the question's; a time to live of nothing
            answer += struct.pack("!HHHIH", 0xC00C, kind, 1, 0, len(record)) + record
        sock.sendto(answer, self.client_address)


class Subscriber(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 20

    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
        self.send_response(int(query.get("status", "200")))
        for name in ("location", "refresh", "alt-svc", "www-authenticate", "proxy-authenticate"):
            if name in query:
                self.send_header(name, query[name])
        self.send_header("content-length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class Listener(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def get_request(self):
        connection, peer = super().get_request()
        serving.report({"connected": connection.getsockname()[0], "port": connection.getsockname()[1]})
        return connection, peer

    def handle_error(self, *_):
        """A client that hangs up on our certificate is what a test wants."""


class Listener6(Listener):
    address_family = socket.AF_INET6

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        super().server_bind()


def listen(kind, address, port, context):
    server = kind((address, port), Subscriber)
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()


def own_every_address():
    if subprocess.run(["ip", "-oneline", "link", "show", "up"], check=True, capture_output=True).stdout:
        sys.exit("not in a fresh network namespace: an interface is up here")
    for command in (["link", "set", "lo", "up"], ["route", "add", "local", "0.0.0.0/0", "dev", "lo"],
                    ["-6", "route", "add", "local", "::/0", "dev", "lo"]):
        subprocess.run(["ip", *command], check=True)


def main():
    own_every_address()
    certificate, key = serving.make_certificate()
    context = serving.tls_context(certificate, key)
    for port in (443, 8443):
        listen(Listener, "0.0.0.0", port, context)
        listen(Listener6, "::", port, context)
    names = socketserver.UDPServer(("127.0.0.1", 53), Names)
    threading.Thread(target=names.serve_forever, daemon=True).start()
    serving.report({"ca": certificate})
    for line in sys.stdin:
        Names.answers = json.loads(line)
        Names.asked.clear()
        serving.report({"told": len(Names.answers)})


main()
