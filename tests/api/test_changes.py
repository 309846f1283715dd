"""The feed of changes on a running node: pages, the stream, what a client that comes back is told."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import httpx
import pytest

from api.change_hub import MOST_STREAMS
from ledger.authority import Role
from ledger.change_chain import check_complete
from ledger.change_kind import KINDS, kind_named
from ledger.feed_cursor import Cursor
from ledger.operator import Grant, operator_id
from ledger.recognition import Arrangement, Direction, Terms
from ledger.recognition_registry import offer_id
from ledger.registry_change import RegistryChange
from ledger.transaction import Call, submit
from tests.demonstration_node import Api


def write(api: Api, authority: str, call: Call) -> int:
    """Make the call as an authority; return the number of its block."""
    account = api.established.keys.accounts[authority, Role.ACT]
    return submit(api.node.chain, account, call).block_number


def key(change: dict[str, Any]) -> tuple[str, str, int, str]:
    """What a change is, whoever tells it when; a cursor also says what was final then."""
    return change["registry"], change["kind"], change["index"], change["block_hash"]


def every(api: Api, limit: int = 100, **params: str) -> Iterator[dict[str, Any]]:
    """Yield every change, page by page."""
    after: str | None = None
    while True:
        asked: dict[str, Any] = {"limit": limit, **params, **({"after": after} if after else {})}
        page = api.http.get("/v1/changes", params=asked).raise_for_status().json()
        yield from page["changes"]
        after = page["after"]
        if not page["more"]:
            return


class Listener:
    """A client of the stream, in a thread of its own."""

    def __init__(self, api: Api, cursor: str | None = None, **params: str) -> None:
        self.events: list[tuple[str, str | None, Any]] = []
        self.heard: dict[str, float] = {}
        self.cursor = cursor
        headers = {"Last-Event-ID": cursor} if cursor else {}
        self._http = httpx.Client(base_url=api.http.base_url, timeout=30, trust_env=False)
        self._open = threading.Event()
        self._ended = False
        request = self._http.build_request("GET", "/v1/changes/stream", params=params, headers=headers)
        self._thread = threading.Thread(target=self._listen, args=(request,), daemon=True)
        self._thread.start()
        assert self._open.wait(60)

    def _listen(self, request: httpx.Request) -> None:
        try:
            response = self._http.send(request, stream=True)
            self._socket: socket.socket = response.extensions["network_stream"].get_extra_info("socket")
            self.status, self.type = response.status_code, response.headers["content-type"]
            event: dict[str, str] = {}
            for line in response.iter_lines():
                self._open.set()
                name, _, value = line.partition(": ")
                if line:
                    event[name] = value
                else:
                    self._take(event)
                    event = {}
        except httpx.HTTPError:
            assert self._ended

    def _take(self, event: dict[str, str]) -> None:
        self.cursor = event.get("id", self.cursor)
        if "data" in event:
            self.events.append((event["event"], event.get("id"), json.loads(event["data"])))
            self.heard[event.get("id", "")] = time.monotonic()

    def changes(self) -> list[dict[str, Any]]:
        return [data for name, _, data in self.events if name == "change"]

    def until(self, found: Callable[[dict[str, Any]], bool], seconds: float = 60) -> dict[str, Any]:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for change in self.changes():
                if found(change):
                    return change
            time.sleep(0.01)
        raise AssertionError([(one["kind"], one["what"]) for one in self.changes()])

    def close(self) -> None:
        self._ended = True
        # Closing it would not wake the thread that reads from it.
        with suppress(OSError):  # the node was first
            self._socket.shutdown(socket.SHUT_RDWR)
        self._thread.join(60)
        self._http.close()


def test_every_change_once_and_in_order_whatever_the_page(api: Api) -> None:
    whole = list(every(api, 1000))
    places = [(one["block"], one["log_index"]) for one in whole]
    assert places == sorted(set(places))
    assert {one["registry"] for one in whole} >= {"authority-registry", "issuer-registry"}
    for limit in (43, 200):
        assert [key(one) for one in every(api, limit)] == [key(one) for one in whole]
    for one in whole[:: len(whole) // 5]:
        page = api.http.get("/v1/changes", params={"after": one["cursor"], "limit": 1}).json()
        rest = whole[whole.index(one) + 1 :]
        assert [key(one) for one in page["changes"]] == [key(one) for one in rest[:1]]


def test_what_is_told_leads_to_the_heads_of_the_registries(api: Api) -> None:
    """With nothing but the pages and the registries' heads, a client finds that nothing was left out."""
    block = api.http.get("/v1/changes").json()["as_of"]["block"]
    told = [one for one in every(api, 500) if one["block"] <= block]
    for kind in KINDS:
        changes = [
            RegistryChange(kind, one["index"], bytes.fromhex(one["encoded"][2:]), one["block"], b"", b"", 0)
            for one in told
            if kind_named(f"{one['registry']}.{one['kind']}") == kind
        ]
        contract = api.node.registries.contracts()[kind.contract]
        check_complete(changes, contract.read_changes(kind.change, block))


def test_a_suspended_operator_and_an_ended_arrangement_are_heard_within_a_block(api: Api) -> None:
    operators, recognitions = api.node.registries.operator, api.node.registries.recognition
    code = f"AEOCN{time.time_ns()}"
    write(api, "cn.customs", operators.grant([Grant(code)]))
    direction, terms = _agreed_direction(api)
    listener = Listener(api)
    try:
        assert (listener.status, listener.type.split(";")[0]) == (200, "text/event-stream")
        mined = write(api, "cn.customs", operators.suspend([operator_id(code)], 7))
        heard = listener.until(lambda one: one["kind"] == "suspension" and one["registry"] == "operator-registry")
        assert (heard["what"], heard["block"], heard["about"]) == ("suspended", mined, {"operator_code": code})
        assert heard["members"]["entry"]["detail"] == 7
        assert "CN" in heard["countries"]
        assert api.node.chain.head().number - mined <= 1, "heard within one block"
        mined = write(api, direction.recogniser.lower() + ".customs", recognitions.end([direction]))
        heard = listener.until(lambda one: one["registry"] == "recognition-registry" and one["what"] == "ended")
        assert heard["block"] == mined
        assert {direction.recogniser, direction.recognised} <= set(heard["countries"])
        assert terms.arrangement
        since = listener.changes()[0]["block"]
        assert [key(one) for one in listener.changes()] == [
            key(one) for one in every(api, 1000) if one["block"] >= since
        ]
    finally:
        listener.close()


def _agreed_direction(api: Api) -> tuple[Direction, Terms]:
    """Have Singapore and Korea agree on something under an arrangement of this test's own."""
    registry, name = api.node.registries.recognition, f"sg.test-{time.time_ns()}"
    terms = Terms(name, "SG", "KR")
    programme = f"test-{time.time_ns()}"
    write(api, "sg.customs", registry.propose_arrangement(Arrangement(name, programme), ["KR"]))
    write(api, "kr.customs", registry.accept_arrangement(name))
    write(api, "sg.customs", registry.offer([terms]))
    write(api, "kr.customs", registry.accept([offer_id(terms)]))
    return Direction(programme, "SG", "KR"), terms


def test_who_comes_back_misses_nothing_and_hears_nothing_twice(api: Api) -> None:
    operators = api.node.registries.operator
    first, heard = Listener(api), []
    codes = [f"AEOSG{time.time_ns()}{number}" for number in range(6)]
    try:
        for code in codes[:2]:
            write(api, "sg.customs", operators.grant([Grant(code)]))
        first.until(lambda one: one["about"].get("operator_code") == codes[1])
        heard += [key(one) for one in first.changes()]
    finally:
        first.close()
    for code in codes[2:4]:
        write(api, "sg.customs", operators.grant([Grant(code)]))
    # The last cursor, as an EventSource sends it, wherever in a page or block it stands.
    second = Listener(api, first.cursor)
    try:
        write(api, "sg.customs", operators.grant([Grant(code) for code in codes[4:]]))
        second.until(lambda one: one["about"].get("operator_code") == codes[5])
        heard += [key(one) for one in second.changes()]
    finally:
        second.close()
    every_one = [key(one) for one in every(api, 1000)]
    assert heard == every_one[every_one.index(heard[0]) :]


def test_only_what_was_asked_for(api: Api) -> None:
    chosen = list(every(api, 1000, registry="issuer-registry", country="SG"))
    assert chosen
    assert {one["registry"] for one in chosen} == {"issuer-registry"}
    assert all("SG" in one["countries"] for one in chosen)
    listener = Listener(api, registry="operator-registry", country="JP")
    try:
        write(api, "kr.customs", api.node.registries.operator.grant([Grant(f"KR{time.time_ns()}")]))
        write(api, "jp.customs", api.node.registries.operator.grant([Grant(f"JP{time.time_ns()}")]))
        listener.until(lambda one: "JP" in one["countries"])
        assert all("KR" not in one["countries"] for one in listener.changes())
    finally:
        listener.close()


@pytest.mark.parametrize(
    ("params", "code"),
    [
        ({"after": "x"}, "cursor.form"),
        ({"after": "é"}, "cursor.form"),
        ({"after": Cursor(5, 0, 9, bytes(32)).text()}, "cursor.form"),
        ({"limit": "0"}, "request.parameter"),
        ({"limit": "1001"}, "request.parameter"),
        ({"registry": "title-registry"}, "changes.registry"),
        ({"country": "sg"}, "country.form"),
    ],
)
@pytest.mark.parametrize("path", ["/v1/changes", "/v1/changes/stream"])
def test_wrong_questions(api: Api, path: str, params: dict[str, str], code: str) -> None:
    if path.endswith("stream") and "limit" in params:
        pytest.skip("the stream has no pages")
    answer = api.http.get(path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("path", ["/v1/changes", "/v1/changes/stream"])
def test_the_cursor_of_a_replaced_block_says_where_to_go_on(api: Api, path: str) -> None:
    whole = list(every(api, 1000))
    final = whole[2]["block"]
    foreign = Cursor(whole[-1]["block"], 0, final, b"\x11" * 32)
    answer = api.http.get(path, params={"after": foreign.text()})
    assert (answer.status_code, answer.headers["content-type"]) == (409, "application/problem+json")
    problem = answer.json()
    assert (problem["code"], problem["void_after_block"]) == ("cursor.replaced", final)
    rest = api.http.get("/v1/changes", params={"after": problem["resume_after"], "limit": 1000}).json()
    assert list(map(key, rest["changes"])) == [key(one) for one in whole if one["block"] > final][:1000]


@pytest.mark.parametrize("path", ["/v1/changes", "/v1/changes/stream"])
def test_a_cursor_ahead_of_the_node_waits(api: Api, path: str) -> None:
    ahead = Cursor(10**9, 0, 0, b"\x11" * 32)
    answer = api.http.get(path, params={"after": ahead.text()})
    assert (answer.status_code, answer.json()["code"]) == (503, "cursor.ahead")
    assert answer.headers["retry-after"]


def fill(api: Api, listeners: list[Listener]) -> None:
    """Have as many listen as may: who listened in another test may not be seen to have left yet."""
    deadline = time.monotonic() + 60
    while len(listeners) < MOST_STREAMS:
        assert time.monotonic() < deadline
        listener = Listener(api)
        if listener.status == 200:
            listeners.append(listener)
        else:
            listener.close()


def test_streams_are_bounded_and_hold_up_nobody(api: Api) -> None:
    listeners: list[Listener] = []
    try:
        fill(api, listeners)
        refused = api.http.get("/v1/changes/stream")
        assert (refused.status_code, refused.json()["code"]) == (503, "feed.busy")
        assert api.http.get("/v1/issuers").status_code == 200
        assert api.http.get("/v1/changes", params={"limit": 5}).status_code == 200
        write(api, "cn.customs", api.node.registries.operator.grant([Grant(f"AEOCN{time.time_ns()}")]))
        for listener in listeners:
            listener.until(lambda one: one["what"] == "authorized")
        assert sum(thread.name == "changes" for thread in threading.enumerate()) == 1, "one looks for all"
    finally:
        for listener in listeners:
            listener.close()
    deadline = time.monotonic() + 60
    while api.http.get("/v1/changes/stream", params={"after": "x"}).status_code != 422:
        assert time.monotonic() < deadline, "who leaves makes room"
        time.sleep(0.1)


def test_the_final_mark_follows(api: Api) -> None:
    listener = Listener(api)
    try:
        mined = write(api, "cn.customs", api.node.registries.operator.grant([Grant(f"AEOCN{time.time_ns()}")]))
        deadline = time.monotonic() + 60
        while not any(name == "final" and data["block"] >= mined for name, _, data in listener.events):
            assert time.monotonic() < deadline
            time.sleep(0.05)
    finally:
        listener.close()
    assert all(one["final"] for one in every(api, 1000) if one["block"] <= mined)
