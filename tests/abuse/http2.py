"""HTTP/2 by hand, so that it can be done wrong: frames, and headers without compression."""

import socket
import struct

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, PRIORITY, RST_STREAM, SETTINGS, PUSH_PROMISE, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = range(10)
END_STREAM, ACK, END_HEADERS = 1, 1, 4
CANCEL = struct.pack(">I", 8)
PATIENCE_S = 30


def frame(kind, flags=0, stream=0, payload=b"", announced=None):
    length = len(payload) if announced is None else announced
    return struct.pack(">I", length)[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def _number(value, bits, first=0):
    largest = (1 << bits) - 1
    if value < largest:
        return bytes([first | value])
    out, value = bytes([first | largest]), value - largest
    while value >= 128:
        out, value = out + bytes([value % 128 + 128]), value // 128
    return out + bytes([value])


def header(name, value):
    """Literal, without indexing."""
    return b"\0" + _number(len(name), 7) + name.encode() + _number(len(value), 7) + value.encode()


def call_headers(path, *more):
    fields = [(":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "abuse"), ("te", "trailers"),
              ("content-type", "application/grpc"), *more]
    return b"".join(header(name, value) for name, value in fields)


def message(body, announced=None):
    """As gRPC puts it into DATA."""
    return b"\0" + struct.pack(">I", len(body) if announced is None else announced) + body


class Connection:
    """A client; begun properly unless it is `raw`."""

    def __init__(self, address, raw=False, settings=b"", receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE_S)
        self.socket.connect(address)
        self._stream = -1
        if not raw:
            self.send(PREFACE + frame(SETTINGS, payload=settings))

    def send(self, data):
        """False when the server has hung up."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def next_stream(self):
        self._stream += 2
        return self._stream

    def open(self, path, *more, flags=END_HEADERS):
        stream = self.next_stream()
        self.send(frame(HEADERS, flags, stream, call_headers(path, *more)))
        return stream

    def frames(self):
        """What the server says, until it hangs up. Acknowledges nothing."""
        while (head := self._exactly(9)) and (payload := self._exactly(int.from_bytes(head[:3], "big"))) is not None:
            yield head[3], head[4], int.from_bytes(head[5:], "big"), payload

    def until(self, *kinds):
        """The first frame of these kinds as (kind, stream, payload), or None: the server hung up before."""
        return next(((kind, stream, payload) for kind, _, stream, payload in self.frames() if kind in kinds), None)

    def _exactly(self, size):
        got = b""
        while len(got) < size:
            try:
                part = self.socket.recv(size - len(got))
            except ConnectionError:
                return None
            if not part:
                return None
            got += part
        return got

    def close(self):
        self.socket.close()


class Sender(Connection):
    """Keeps to the server's windows, as it must to be listened to."""

    def __init__(self, address):
        super().__init__(address)
        self._windows = {}
        self._first = 65_535  # of a new stream

    def send_part(self, path, size, announced):
        """Of a message of this length as much as `size`, and no end. False when the server would have no more of it."""
        stream = self.open(path)
        self._windows = {0: self._windows.get(0, 65_535), stream: self._first}
        left = memoryview(message(b"x" * size, announced))
        told = self.frames()
        while left:
            most = min(self._windows[0], self._windows[stream], 16_384, len(left))
            if most > 0:
                if not self.send(frame(DATA, 0, stream, bytes(left[:most]))):
                    return False
                left = left[most:]
                self._windows[0] -= most
                self._windows[stream] -= most
            elif not self._heed(next(told, None), stream):
                return False
        return True

    def _heed(self, said, of_stream):
        if said is None or said[0] in (RST_STREAM, GOAWAY):
            return False
        kind, flags, stream, payload = said
        if kind == WINDOW_UPDATE and stream in self._windows:
            self._windows[stream] += int.from_bytes(payload, "big")
        elif kind == PING and not flags & ACK:
            self.send(frame(PING, ACK, 0, payload))
        elif kind == SETTINGS and not flags & ACK:
            values = dict(struct.unpack_from(">HI", payload, at) for at in range(0, len(payload), 6))
            self._windows[of_stream] += values.get(4, self._first) - self._first
            self._first = values.get(4, self._first)
            self.send(frame(SETTINGS, ACK))
        return True
