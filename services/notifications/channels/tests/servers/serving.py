"""What the test servers share: a certificate of their own, and an end with the test that started them."""

import atexit
import json
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading


def make_certificate():
    """A self-signed certificate for the names the tests use. Returns the paths of certificate and key."""
    folder = tempfile.mkdtemp(prefix="holdfast-test-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    certificate, key = os.path.join(folder, "certificate.pem"), os.path.join(folder, "key.pem")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
         "-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,DNS:hooks.example.com,IP:127.0.0.1"],
        check=True, stderr=subprocess.DEVNULL)
    return certificate, key


def tls_context(certificate, key):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


_writing = threading.Lock()


def report(document):
    """One line of JSON to the test."""
    with _writing:
        print(json.dumps(document), flush=True)


def until_the_test_ends():
    """The test holds our standard input open; its end, also by a crash, closes it."""
    sys.stdin.read()
