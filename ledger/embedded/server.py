"""JSON-RPC 2.0 over HTTP on the loopback address, for the processes beside the one that owns the chain."""

import json
import logging
import re
import socket
import threading
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from ledger.embedded.chain import EmbeddedChain
from ledger.errors import Unavailable

log = logging.getLogger(__name__)

HOST = "127.0.0.1"
LOOPBACK_NAMES = ("127.0.0.1", "localhost")
MAX_BODY = 16 << 20  # bytes; a transaction of 4 MiB is 8 MiB of hex
LENGTH = re.compile(r"[1-9][0-9]*|0", re.ASCII)
MAX_BATCH = 1_000
IDLE_SECONDS = 60.0  # a connection on which nothing comes is closed

PARSE_ERROR = {"code": -32700, "message": "parse error"}
INVALID_REQUEST = {"code": -32600, "message": "invalid request"}
BATCH_TOO_LARGE = {"code": -32600, "message": f"batch too large: at most {MAX_BATCH} requests"}


def _error(error: dict[str, Any]) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": None, "error": error}


def answer(chain: EmbeddedChain, body: bytes) -> Any:
    """Answer the body of a request: one response, a list for a batch, None if only notifications came."""
    try:
        asked = json.loads(body)
    except (ValueError, RecursionError):
        return _error(PARSE_ERROR)
    if not isinstance(asked, list):
        return _answer_one(chain, asked)
    if not asked:
        return _error(INVALID_REQUEST)
    if len(asked) > MAX_BATCH:
        return _error(BATCH_TOO_LARGE)
    answers = [_answer_one(chain, one) for one in asked]
    return [one for one in answers if one is not None] or None


def _answer_one(chain: EmbeddedChain, asked: Any) -> dict[str, Any] | None:
    if not isinstance(asked, dict) or not isinstance(asked.get("method"), str):
        return _error(INVALID_REQUEST)
    response = chain.request(asked["method"], asked.get("params", []))
    return {**response, "id": asked["id"]} if "id" in asked else None


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: "_Server"

    def do_POST(self) -> None:
        if not self._is_for_loopback():
            self._refuse(HTTPStatus.FORBIDDEN)
        elif self.headers.get_content_type() != "application/json":
            # A web page can post other types here without asking first.
            self._refuse(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        else:
            self._read(self.headers.get("Content-Length") or "")

    def _read(self, length: str) -> None:
        if not LENGTH.fullmatch(length):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif int(length[:12]) > MAX_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            self._answer(self.rfile.read(int(length)))

    def _is_for_loopback(self) -> bool:
        """Refuse names that a web page could have pointed at this machine (DNS rebinding)."""
        host = self.headers.get("Host", "")
        name, _, port = host.partition(":")
        return name in LOOPBACK_NAMES and (not port or port == str(self.server.server_port))

    def _refuse(self, status: HTTPStatus) -> None:
        self.close_connection = True
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.send_header("Connection", "close")
        self.end_headers()

    def _answer(self, body: bytes) -> None:
        response = answer(self.server.chain, body)
        written = b"" if response is None else json.dumps(response).encode()
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
        """Write no access log."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, chain: EmbeddedChain, port: int) -> None:
        self.chain = chain
        self._connections: set[socket.socket] = set()
        super().__init__((HOST, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer on a connection, in a thread of its own, and remember it."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """End a connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def hang_up(self) -> None:
        """End all connections; their threads would go on answering for a chain that may be closed."""
        for connection in tuple(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Leave a client that went away to the debug log."""
        log.debug("a connection ended early", exc_info=True)


class RpcServer:
    """Serves `chain` on 127.0.0.1; port 0 takes a free one."""

    def __init__(self, chain: EmbeddedChain, port: int = 0) -> None:
        """Take the port; Unavailable `embedded.port` if it is taken or not allowed."""
        try:
            self._server = _Server(chain, port)
        except (OSError, OverflowError) as error:
            raise Unavailable(
                "embedded.port",
                f"port {port} cannot be listened on ({error})",
                mend="name another port, or 0 for any free one",
            ) from error
        self._thread = threading.Thread(target=self._server.serve_forever, name="portseal-rpc", daemon=True)

    @property
    def url(self) -> str:
        """Return the address for JSON-RPC clients."""
        return f"http://{HOST}:{self._server.server_port}"

    def start(self) -> None:
        """Start answering."""
        self._thread.start()

    def close(self) -> None:
        """Stop answering and free the port. The chain stays open."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.hang_up()
        self._server.server_close()
