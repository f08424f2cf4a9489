"""A proxy before a gRPC service that loses the answer of a command, and nothing else."""

import contextlib
import socket
import threading

HEADERS = 1  # the frame of HTTP/2 with which an answer begins
HEAD_BYTES = 9


class CuttingProxy:
    """The next connection that is to be cut ends where its first answer begins."""

    def __init__(self, port):
        self._target = port
        self._cuts = self.has_cut = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut_next(self):
        self._cuts = 1

    def close(self):
        self._listener.close()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target))
                threading.Thread(target=self._ask, args=(client, server), daemon=True).start()
                threading.Thread(target=self._answer, args=(server, client), daemon=True).start()

    @staticmethod
    def _ask(client, server):
        with contextlib.suppress(OSError):
            while told := client.recv(65536):
                server.sendall(told)

    def _answer(self, server, client):
        frames = server.makefile("rb")
        with contextlib.suppress(OSError), server, client:
            while head := frames.read(HEAD_BYTES):
                if head[3] == HEADERS and self._cuts > 0:
                    self._cuts -= 1
                    self.has_cut += 1
                    break
                client.sendall(head + frames.read(int.from_bytes(head[:3], "big")))
            for end in (client, server):
                end.shutdown(socket.SHUT_RDWR)
