import socket

import pytest

from ledger.chain import Chain
from ledger.errors import Unavailable
from ledger.http_transport import HttpTransport
from tests.ledger.rpc_servers import Answer, dripping, saying, serving, silent

PATIENCE = 60.0
NULL = b'{"jsonrpc": "2.0", "id": 1, "result": null}'

WRONG: dict[str, tuple[Answer, str]] = {
    "500": (saying(b"oops", 500), "chain.http"),
    "401": (saying(NULL, 401), "chain.http"),
    "redirect": (saying(b"", 307, Location="http://127.0.0.1:1/"), "chain.http"),
    "empty": (saying(b""), "chain.answer"),
    "html": (saying(b"<html>"), "chain.answer"),
    "not utf-8": (saying(b'{"jsonrpc": "2.0", "id": 1, "result": "\xff"}'), "chain.answer"),
    "list": (saying(b"[" + NULL + b"]"), "chain.answer"),
    "nothing": (saying(b"{}"), "chain.answer"),
    "both": (saying(b'{"id": 1, "result": 1, "error": {"message": "x"}}'), "chain.answer"),
    "another request's": (saying(NULL.replace(b"1,", b"7,")), "chain.answer"),
    "nested": (saying(b"[" * 1_000_000), "chain.answer"),
    "too large": (saying(b" " * 2_000_000), "chain.answer"),
    "cut off": (saying(NULL[:-5]), "chain.answer"),
    "silent": (silent, "chain.timeout"),
    "dripping": (dripping, "chain.timeout"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_is_unavailable(name: str) -> None:
    answer, code = WRONG[name]
    with serving(answer) as server:
        # Who is dripped at for a minute would be told "chain.answer" then.
        timeout = 0.5 if code == "chain.timeout" else PATIENCE
        transport = HttpTransport(server.url, timeout=timeout, max_bytes=1_000_000)
        with pytest.raises(Unavailable) as caught:
            transport("eth_blockNumber", [])
        transport.close()
        assert server.asked.wait(PATIENCE)
    assert caught.value.code == code
    assert caught.value.mend
    assert server.requests_seen == 1


def test_nobody_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        transport = HttpTransport(f"http://127.0.0.1:{unused.getsockname()[1]}", timeout=PATIENCE)
        with pytest.raises(Unavailable) as caught:
            transport("eth_blockNumber", [])
        transport.close()
    assert caught.value.code == "chain.connection"


@pytest.mark.parametrize("url", ["", "nowhere", "http://", "ftp://127.0.0.1/", "http://127.0.0.1:99999/"])
def test_no_address(url: str) -> None:
    transport = HttpTransport(url, timeout=PATIENCE)
    with pytest.raises(Unavailable) as caught:
        transport("eth_blockNumber", [])
    transport.close()
    assert caught.value.code == "chain.connection"


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(saying(NULL)) as server, serving(saying(b"", 502)) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("ALL_PROXY", proxy.url)
        transport = HttpTransport(server.url, timeout=PATIENCE)
        assert transport("eth_blockNumber", [])["result"] is None
        transport.close()
    assert proxy.requests_seen == 0


def test_a_transaction_is_sent_once() -> None:
    with serving(saying(b"", 503)) as server:
        chain = Chain.http(server.url, timeout=PATIENCE)
        with pytest.raises(Unavailable):
            chain.send(b"\x01")
        chain.close()
    assert server.requests_seen == 1


@pytest.mark.parametrize(
    "url", ["http://portseal:secret@127.0.0.1:9/secret?key=secret#secret", "http://secret:secret@127.0.0.1:99999/"]
)
def test_a_key_in_the_address_is_in_no_error(url: str) -> None:
    transport = HttpTransport(url, timeout=PATIENCE)
    with pytest.raises(Unavailable) as caught:
        transport("eth_chainId", [])
    transport.close()
    assert "secret" not in str(caught.value) + caught.value.mend
