"""The Kubo store on answers and addresses that nobody thought of: right bytes, or an error of ours."""

import json
from collections.abc import Callable
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anchors.cid import cid_of
from anchors.stores import KuboStore
from anchors.stores.kubo_bundle import Bundle
from ledger.errors import Invalid, Unavailable
from tests.anchors.rpc_server import RpcServer, ok
from tests.anchors.store_contract import code_of

PAYLOAD = b"a payload"
CID = cid_of(PAYLOAD)
BUNDLE = Bundle.of({CID: PAYLOAD})
PINNED = json.dumps({"Root": {"Cid": {"/": str(CID)}, "PinErrorMsg": ""}}).encode()
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\na payload\r\n0\r\nX-Stream-Error: no\r\n\r\n"
PIECES = [
    b"\r\n",
    b"\0",
    b"HTTP/1.1 ",
    b"Content-Length: ",
    b"Transfer-Encoding: chunked\r\n",
    b"99999999999",
    b"-1",
    b"\xff",
]
SOME = settings(max_examples=150)


@st.composite
def spoilt(draw: st.DrawFn, whole: bytes) -> bytes:
    """A good answer with a few places cut out, changed or put in."""
    answer = bytearray(whole)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(answer)))
        end = draw(st.integers(start, min(len(answer), start + 8)))
        answer[start:end] = draw(st.sampled_from(PIECES) | st.binary(max_size=4))
    return bytes(answer)


def tried(call: Callable[[], object]) -> object:
    """Return what `call` gives, None where it raises an error that the port names."""
    try:
        return call()
    except Unavailable as error:
        return None if error.code in ("store.missing", "store.corrupt", "store.failed") else error


@pytest.mark.parametrize("whole", [ok(PAYLOAD)[0], CHUNKED])
def test_spoilt_answers_to_get(whole: bytes) -> None:
    answer = b""

    @SOME
    @given(spoilt(whole))
    def run(drawn: bytes) -> None:
        nonlocal answer
        answer = drawn
        assert tried(lambda: store.get(CID)) in (PAYLOAD, None)

    with RpcServer(lambda path: [answer]) as server, KuboStore(server.api, timeout=5) as store:
        run()


@pytest.mark.parametrize("which", ["import", "export"])
def test_spoilt_answers_to_put(which: str) -> None:
    good = {"import": ok(PINNED)[0], "export": ok(BUNDLE.content)[0]}
    answers = dict(good)

    @SOME
    @given(spoilt(good[which]))
    def run(drawn: bytes) -> None:
        answers[which] = drawn
        assert tried(lambda: store.put([PAYLOAD])) in ([CID], None)

    with (
        RpcServer(lambda path: [answers["import" if "import" in path else "export"]]) as server,
        KuboStore(server.api, timeout=5) as store,
    ):
        run()


@given(st.text(st.characters(max_codepoint=300) | st.sampled_from(".:/@[]-%?#"), max_size=20))
def test_any_text_is_an_address_or_refused(text: str) -> None:
    for url in (text, f"http://{text}", f"http://{text}:5001"):
        with suppress(Invalid):
            KuboStore(url).close()


@pytest.mark.parametrize("host", ["..", "a..b", "-", "1.2.3", "999.1.1.1", "0", "a" * 300])
def test_names_that_no_host_has(host: str) -> None:
    assert code_of(lambda: KuboStore(f"http://{host}")) == "store.address"
