"""HTTP/1.1 by hand: bytes out as they are, and whatever comes back. An HTTP library would mend what is to be wrong."""

import http.client
import socket
from dataclasses import dataclass, field

SECONDS = 60.0
Header = tuple[bytes, bytes]


@dataclass(frozen=True)
class RawRequest:
    """What is sent. framing: the bytes break HTTP itself. unfinished: more is announced than comes.

    raw: the bytes that are sent instead of what the other fields say.
    """

    method: bytes
    target: bytes
    headers: tuple[Header, ...] = ()
    body: bytes = b""
    framing: bool = False
    unfinished: bool = False
    mutation: str = "none"
    raw: bytes | None = None

    def header(self, name: bytes) -> bytes | None:
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def encode(self) -> bytes:
        if self.raw is not None:
            return self.raw
        headers = [(b"Host", b"portseal.test"), (b"Connection", b"close"), *self.headers]
        if not self.framing:
            headers.append((b"Content-Length", str(len(self.body)).encode()))
        lines = [b"%s %s HTTP/1.1" % (self.method, self.target), *(b"%s: %s" % header for header in headers)]
        return b"\r\n".join([*lines, b"", self.body])


@dataclass(frozen=True)
class RawAnswer:
    status: int
    headers: dict[str, str] = field(repr=False)
    body: bytes

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


def exchange(address: tuple[str, int], request: RawRequest) -> RawAnswer | None:
    """Return the answer; None if the connection ends without one."""
    with socket.create_connection(address, timeout=SECONDS) as connection:
        try:
            connection.sendall(request.encode())
            if request.unfinished:
                connection.shutdown(socket.SHUT_WR)
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before all of it was sent: the answer may be there nevertheless
        return read_answer(connection, request.method)


def read_answer(connection: socket.socket, method: bytes = b"GET") -> RawAnswer | None:
    response = http.client.HTTPResponse(connection, method=method.decode("latin-1"))
    try:
        response.begin()
        body = response.read()
    except (http.client.HTTPException, ConnectionResetError):
        return None
    finally:
        response.close()
    return RawAnswer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
