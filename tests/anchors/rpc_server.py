"""An HTTP server on loopback that answers what a test tells it to: the Kubo that one should not trust."""

import socket
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType

Answer = Callable[[str], Iterable[bytes]]
"""From the path that was asked, what goes over the wire, piece by piece; the connection closes after the last."""


class RpcServer:
    """Serves each connection in a thread of its own until closed. api: its address. paths: what was asked."""

    def __init__(self, answer: Answer, *, reads: bool = True) -> None:
        """`reads`: whether it takes the body of a request."""
        self._answer, self._reads = answer, reads
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self.api = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self.paths: list[str] = []
        self.headers: list[bytes] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> "RpcServer":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for one in [self._listener, *self._open]:
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):  # the client going away is what many tests want
            path = self._read(connection)
            for piece in self._answer(path):
                connection.sendall(piece)
            connection.shutdown(socket.SHUT_RDWR)

    def _read(self, connection: socket.socket) -> str:
        data = b""
        while b"\r\n\r\n" not in data:
            data += _some(connection)
        head, _, body = data.partition(b"\r\n\r\n")
        self.headers.append(head)
        path = head.split(b" ")[1].decode()
        self.paths.append(path)
        while self._reads and b"chunked" in head.lower() and not body.endswith(b"0\r\n\r\n"):
            body += _some(connection)
        return path


def ok(body: bytes, *headers: bytes) -> list[bytes]:
    """Return a whole good answer."""
    head = [b"HTTP/1.1 200 OK", b"Content-Length: %d" % len(body), *headers]
    return [b"\r\n".join(head) + b"\r\n\r\n" + body]


def status(line: bytes, body: bytes = b"", *headers: bytes) -> list[bytes]:
    """Return a whole answer with another status."""
    head = [b"HTTP/1.1 " + line, b"Content-Length: %d" % len(body), *headers]
    return [b"\r\n".join(head) + b"\r\n\r\n" + body]


def _some(connection: socket.socket) -> bytes:
    if not (piece := connection.recv(65536)):
        raise ConnectionError
    return piece
