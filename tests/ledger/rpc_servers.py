"""HTTP servers on the loopback address that answer JSON-RPC wrongly, each in its own way."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

Answer = Callable[[BaseHTTPRequestHandler, bytes], None]


class Server(ThreadingHTTPServer):
    """asked: set with the first request. ended: set when no more answers are awaited."""

    requests_seen = 0
    answer: Answer

    def __init__(self) -> None:
        self.asked, self.ended = threading.Event(), threading.Event()
        super().__init__(("127.0.0.1", 0), _Handler)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        self.server.requests_seen += 1
        self.server.asked.set()
        body = self.rfile.read(int(self.headers["Content-Length"]))
        with suppress(BrokenPipeError, ConnectionResetError):
            self.server.answer(self, body)

    def do_GET(self) -> None:
        self.server.requests_seen += 1

    def log_message(self, *arguments: object) -> None:
        pass


@contextmanager
def serving(answer: Answer) -> Iterator[Server]:
    server = Server()
    server.answer = answer
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.ended.set()
        server.shutdown()
        thread.join()
        server.server_close()


def saying(body: bytes, status: int = 200, **headers: str) -> Answer:
    def answer(handler: BaseHTTPRequestHandler, _: bytes) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def silent(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Say nothing as long as anybody waits, a minute at most."""
    _ended(handler).wait(60)


def dripping(handler: BaseHTTPRequestHandler, _: bytes) -> None:
    """Never be silent, and say nothing: as long as anybody waits, a minute at most."""
    handler.send_response(200)
    handler.end_headers()
    end = time.monotonic() + 60
    while time.monotonic() < end and not _ended(handler).wait(0.05):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def _ended(handler: BaseHTTPRequestHandler) -> threading.Event:
    return cast(Server, handler.server).ended
