import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest

from ledger.embedded import EmbeddedChain
from ledger.embedded.server import MAX_BODY, RpcServer
from ledger.errors import Unavailable
from tests.chain.sender import Sender, ask

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def server(chain: EmbeddedChain) -> Iterator[RpcServer]:
    running = RpcServer(chain)
    running.start()
    yield running
    running.close()


def _post(server: RpcServer, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, Any]:
    port = int(server.url.rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("POST", "/", body, JSON if headers is None else headers)
        response = connection.getresponse()
        content = response.read()
    return response.status, json.loads(content) if content else None


def test_single_and_batch(server: RpcServer) -> None:
    one = {"jsonrpc": "2.0", "id": "a", "method": "eth_chainId", "params": []}
    assert _post(server, json.dumps(one).encode()) == (200, {"jsonrpc": "2.0", "id": "a", "result": "0x153d9"})
    two = {"jsonrpc": "2.0", "id": 2, "method": "eth_nothing"}
    notification = {"jsonrpc": "2.0", "method": "eth_chainId"}
    status, answers = _post(server, json.dumps([one, two, notification, 7]).encode())
    assert status == 200
    assert [answer["id"] for answer in answers] == ["a", 2, None]
    assert answers[1]["error"]["code"] == -32601
    assert answers[2]["error"]["code"] == -32600
    assert _post(server, json.dumps(notification).encode()) == (200, None)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", -32700),
        (b"{", -32700),
        (b"\xff", -32700),
        (b"[" * 100_000, -32700),
        (b"[]", -32600),
        (b"7", -32600),
        (b'{"id":1}', -32600),
        (b'{"id":1,"method":5}', -32600),
        (b'{"id":1,"method":"eth_chainId","params":7}', -32602),
    ],
)
def test_bodies_that_are_no_request(server: RpcServer, body: bytes, code: int) -> None:
    status, answer = _post(server, body)
    assert (status, answer["error"]["code"]) == (200, code)


def test_batch_too_large(server: RpcServer) -> None:
    assert _post(server, json.dumps([{}] * 1001).encode())[1]["error"]["code"] == -32600


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost:1", ""])
def test_other_host_names_are_refused(server: RpcServer, host: str) -> None:
    assert _post(server, b"{}", {**JSON, "Host": host})[0] == 403


@pytest.mark.parametrize(
    "kind", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}]
)
def test_what_a_web_page_could_post_is_refused(server: RpcServer, kind: dict[str, str]) -> None:
    assert _post(server, b'{"id":1,"method":"eth_chainId"}', kind)[0] == 415


def test_localhost_is_fine(server: RpcServer) -> None:
    port = server.url.rsplit(":", 1)[1]
    for host in ("localhost", f"localhost:{port}", f"127.0.0.1:{port}"):
        assert _post(server, b'{"id":1,"method":"eth_chainId"}', {**JSON, "Host": host})[0] == 200


@pytest.mark.parametrize(("length", "status"), [(str(MAX_BODY + 1), 413), ("-1", 411), ("x", 411), ("9" * 4000, 413)])
def test_lengths(server: RpcServer, length: str, status: int) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=60) as raw:
        head = (
            f"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n"
        )
        raw.sendall(head.encode())
        assert raw.recv(100).startswith(f"HTTP/1.1 {status} ".encode())


def test_only_loopback_listens(server: RpcServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")


def test_connection_is_kept(server: RpcServer, chain: EmbeddedChain, sender: Sender) -> None:
    port = int(server.url.rsplit(":", 1)[1])
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        for number in range(3):
            body = {
                "jsonrpc": "2.0",
                "id": number,
                "method": "eth_sendRawTransaction",
                "params": [sender.raw(to=sender.address)],
            }
            connection.request("POST", "/", json.dumps(body), JSON)
            assert json.loads(connection.getresponse().read())["id"] == number
            sender.nonce += 1
    chain.mine()
    assert ask(chain, "eth_getTransactionCount", sender.address, "latest") == "0x3"


def test_taken_port_is_named(server: RpcServer, chain: EmbeddedChain) -> None:
    for port in (int(server.url.rsplit(":", 1)[1]), 70_000):
        with pytest.raises(Unavailable, match=r"embedded\.port"):
            RpcServer(chain, port)


def test_closing_frees_the_port_and_not_the_chain(chain: EmbeddedChain) -> None:
    first = RpcServer(chain)
    first.start()
    port = int(first.url.rsplit(":", 1)[1])
    first.close()
    second = RpcServer(chain, port)
    second.close()
    assert ask(chain, "eth_chainId")
