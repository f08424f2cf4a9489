"""A mail server (aiosmtpd) that reports each message as Python's own parser reads it.

Usage: mail_receiver.py MODE; MODE is starttls, plain, implicit, login or closed (answers 554 to whoever connects).
A recipient such as 550@example.com is refused with that code, content-552@example.com after the content.
"""

import asyncio
import email
import email.policy
import logging
import re
import socketserver
import sys
import threading

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

import serving


class Handler:
    async def handle_RCPT(self, server, session, envelope, address, options):
        code = re.match(r"(\d{3})@", address)
        if code:
            return code.group(1) + " not to this one"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        code = re.match(r"content-(\d{3})@", envelope.rcpt_tos[0])
        if code:
            return code.group(1) + " not this content"
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        parts = list(message.walk())
        serving.report({
            "greeted": session.host_name,
            "encrypted": session.ssl is not None or sys.argv[1] == "implicit",
            "signed_in": session.authenticated,
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "headers": {name.lower(): str(value) for name, value in message.items()},
            "header_count": len(message.items()),
            "longest_line": max(len(line) for line in envelope.original_content.split(b"\r\n")),
            "coded_line_ends": envelope.original_content.count(b"=0A"),
            "types": [part.get_content_type() for part in parts],
            "text": message.get_body(("plain",)).get_content().replace("\r\n", "\n"),
            "html": message.get_body(("html",)).get_content().replace("\r\n", "\n"),
            "attachments": [{"name": part.get_filename(), "type": part["content-type"],
                             "content": part.get_payload(decode=True).decode()}
                            for part in message.iter_attachments() if part.get_filename()],
            "defects": [str(defect) for part in parts for defect in part.defects]
                       + [str(defect) for part in parts for header in part.values() for defect in header.defects],
        })
        return "250 2.0.0 accepted"


def authenticate(server, session, envelope, mechanism, data):
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"holdfast", b"right")
    return AuthResult(success=right, handled=False)


def options(mode, context):
    if mode == "starttls":
        return {"tls_context": context}
    if mode == "login":
        return {"tls_context": context, "authenticator": authenticate, "auth_required": True}
    return {}


def serve_closed():
    class Closed(socketserver.BaseRequestHandler):
        def handle(self):
            self.request.sendall(b"554 no mail here\r\n")
            self.request.recv(64)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Closed)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


def serve_mail(mode, context):
    loop = asyncio.new_event_loop()
    handler = Handler()
    server = loop.run_until_complete(loop.create_server(
        lambda: SMTP(handler, loop=loop, **options(mode, context)), "127.0.0.1", 0,
        ssl=context if mode == "implicit" else None))
    threading.Thread(target=loop.run_forever, daemon=True).start()
    return server.sockets[0].getsockname()[1]


def main():
    mode = sys.argv[1]
    logging.disable()  # a client that hangs up on our certificate is what a test wants
    certificate, key = serving.make_certificate()
    port = serve_closed() if mode == "closed" else serve_mail(mode, serving.tls_context(certificate, key))
    serving.report({"port": port, "ca": certificate})
    serving.until_the_test_ends()


main()
