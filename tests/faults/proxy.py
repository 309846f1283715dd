"""A proxy on the loopback address before a node's JSON-RPC, which spoils some of what goes through it.

Bounded: at most 64 connections, bodies of at most 16 MiB, nothing is held longer than `hold` seconds.
"""

import json
import random
import socket
import struct
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any

from eth_utils.crypto import keccak

Fault = Callable[["Exchange"], None]
"""What is done to one exchange; it may change the answer, or raise Broken."""

MAX_BODY = 16 << 20
MAX_CONNECTIONS = 64


class Broken(Exception):
    """The connection ends here, without an answer."""


class Exchange:
    """One request and its answer; `ask` forwards it to the node, or asks the node something else."""

    def __init__(self, proxy: "Proxy", request: dict[str, Any]) -> None:
        self.proxy = proxy
        self.request = request
        self.method: str = request["method"]
        self.params: list[Any] = request["params"]
        self.is_spoiled = False
        self._answer: dict[str, Any] | None = None

    @property
    def answer(self) -> dict[str, Any]:
        """The answer that goes back; the node is asked for it the first time."""
        if self._answer is None:
            self._answer = self.proxy.ask(self.method, self.params)
        return self._answer

    def set_result(self, result: Any) -> None:
        self.is_spoiled = True
        self._answer = {"jsonrpc": "2.0", "result": result}


class Proxy:
    """Spoils, with the probability `share`, the exchanges that `fault` is for. struck: how many, by method."""

    def __init__(self, upstream: str, seed: int, hold: float = 2.0) -> None:
        self._upstream = upstream
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        self._places = threading.Semaphore(MAX_CONNECTIONS)
        self.hold = hold
        self.fault: Fault | None = None
        self.share = 0.0
        self.down = False
        self.struck: Counter[str] = Counter()
        self._server = _server(self)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    def spoil(self, fault: Fault, share: float) -> None:
        self.fault, self.share = fault, share

    def mend(self) -> None:
        self.fault, self.share, self.down = None, 0.0, False

    def chance(self, share: float) -> bool:
        with self._lock:
            return self._random.random() < share

    def ask(self, method: str, params: list[Any]) -> dict[str, Any]:
        """Ask the node. Raises OSError."""
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
        request = urllib.request.Request(self._upstream, body, {"Content-Type": "application/json"})
        with self._opener.open(request, timeout=20) as response:
            answer: dict[str, Any] = json.loads(response.read(MAX_BODY))
        return answer

    def pass_on(self, request: dict[str, Any]) -> dict[str, Any]:
        """Return what goes back. Raises Broken."""
        if self.down:
            raise Broken
        exchange = Exchange(self, request)
        with self._places:
            if self.fault is not None and self.chance(self.share):
                self._strike(self.fault, exchange)
            try:
                return {**exchange.answer, "id": request["id"]}
            except OSError:
                raise Broken from None

    def _strike(self, fault: Fault, exchange: Exchange) -> None:
        try:
            fault(exchange)
        except Broken:
            exchange.is_spoiled = True
            raise
        finally:
            if exchange.is_spoiled:
                self.struck[exchange.method] += 1


def _server(proxy: Proxy) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30

        def do_POST(self) -> None:
            body = self.rfile.read(min(MAX_BODY, int(self.headers["Content-Length"])))
            try:
                answer = json.dumps(proxy.pass_on(json.loads(body))).encode()
            except Broken:
                self._reset()
                return
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def _reset(self) -> None:
            """End the connection as a cable that is pulled does: with a reset, not politely."""
            self.close_connection = True
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is http.server's
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False
        request_queue_size = MAX_CONNECTIONS

        def handle_error(self, request: Any, client_address: Any) -> None:
            """A client that went away is what the tests want."""

    return Server(("127.0.0.1", 0), Handler)


# --- faults


def only(fault: Fault, *methods: str) -> Fault:
    """The same for these methods alone."""

    def spoil(exchange: Exchange) -> None:
        if exchange.method in methods:
            fault(exchange)

    return spoil


def time_out(exchange: Exchange) -> None:
    """Say nothing until nobody listens any more."""
    time.sleep(exchange.proxy.hold)
    raise Broken


def reset(exchange: Exchange) -> None:
    """End the connection before the node hears of it."""
    raise Broken


def drop_response(exchange: Exchange) -> None:
    """The node does what it was asked, and nobody hears of it."""
    exchange.answer  # noqa: B018 - asking is what it is for
    raise Broken


def lose_transaction(exchange: Exchange) -> None:
    """The node takes a transaction and forgets it."""
    if exchange.method == "eth_sendRawTransaction" and "result" in exchange.answer:
        exchange.proxy.ask("anvil_dropTransaction", [exchange.answer["result"]])
        exchange.is_spoiled = True


def swallow(exchange: Exchange) -> None:
    """Say that it was sent, and keep it."""
    if exchange.method == "eth_sendRawTransaction":
        exchange.set_result("0x" + keccak(bytes.fromhex(exchange.params[0][2:])).hex())


def null_receipt(exchange: Exchange) -> None:
    """Know no receipt."""
    if exchange.method == "eth_getTransactionReceipt":
        exchange.set_result(None)


def wrong_chain(exchange: Exchange) -> None:
    """Be on another chain."""
    if exchange.method == "eth_chainId":
        exchange.set_result("0x1")


def stale_head(exchange: Exchange) -> None:
    """Say what was true five blocks ago."""
    number = int(exchange.proxy.ask("eth_blockNumber", [])["result"], 16)
    then = hex(max(0, number - 5))
    if exchange.method == "eth_getBlockByNumber" and exchange.params[0] == "latest":
        exchange.set_result(exchange.proxy.ask(exchange.method, [then, False])["result"])
    elif exchange.method == "eth_getTransactionCount":
        exchange.set_result(exchange.proxy.ask(exchange.method, [exchange.params[0], then])["result"])


def lying_receipt(exchange: Exchange) -> None:
    """Name a block that is on no chain."""
    if exchange.method == "eth_getTransactionReceipt" and exchange.answer.get("result"):
        exchange.set_result({**exchange.answer["result"], "blockHash": "0x" + "ab" * 32})


def low_nonce(exchange: Exchange) -> None:
    """Say that the account has sent nothing."""
    if exchange.method == "eth_getTransactionCount":
        exchange.set_result("0x0")


def high_nonce(exchange: Exchange) -> None:
    """Say that the account has sent more than it has."""
    if exchange.method == "eth_getTransactionCount":
        exchange.set_result(hex(int(exchange.answer["result"], 16) + 1_000))


def other_blocks(exchange: Exchange) -> None:
    """Know other blocks than the chain's."""
    if exchange.method == "eth_getBlockByNumber" and exchange.answer.get("result"):
        exchange.set_result({**exchange.answer["result"], "hash": "0x" + "cd" * 32})
