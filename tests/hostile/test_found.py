"""What hostile input found once: each case small and by itself."""

import asyncio
import json
import logging
import socket

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.problems import MEDIA_TYPE
from tests.hostile.seeds import ENVELOPE, JSON
from tests.hostile.target import CARRIER, Target
from tests.hostile.wire import RawRequest, exchange, read_answer

pytestmark = [pytest.mark.slow]


def test_a_body_cut_off_is_no_fault_of_ours(target: Target, caplog: pytest.LogCaptureFixture) -> None:
    headers = (ENVELOPE, (b"Content-Length", b"9999"))
    cut_off = RawRequest(b"POST", b"/v1/verifications", headers, b"abc", framing=True, unfinished=True)
    with caplog.at_level(logging.ERROR):
        assert exchange(target.address, cut_off) is None
        target.check_alive()
    assert not caplog.records


def test_a_digest_has_no_white_space(target: Target) -> None:
    spaced = " ".join([target.digest(target.genuine)[place : place + 2] for place in range(0, 64, 2)])
    assert target.api.http.get(f"/v1/documents/{spaced}").json()["code"] == "digest.form"
    answer = target.api.http.post("/v1/verifications", json={"digest": spaced})
    assert (answer.status_code, answer.json()["pointer"]) == (422, "/digest")


def test_no_redirect_names_the_host_that_a_request_claims(target: Target) -> None:
    answer = target.api.http.get("/v1/issuers/", headers={"Host": "evil.test"})
    assert (answer.status_code, answer.headers["content-type"]) == (404, MEDIA_TYPE)
    assert "location" not in answer.headers


def test_a_compressed_body_is_refused_as_such(target: Target) -> None:
    request = RawRequest(b"POST", b"/v1/verifications", (JSON, (b"Content-Encoding", b"gzip")), b"{}")
    answer = exchange(target.address, request)
    assert answer is not None
    assert answer.status == 415
    assert b"body.encoding" in answer.body


@pytest.mark.parametrize(
    ("body", "status"), [(b"\n" * 100_000, 202), (b"\n" * 100_000 + b"{", 413), (b"\n" * 100_001, 413)]
)
def test_blank_lines_are_counted_too(target: Target, body: bytes, status: int) -> None:
    headers = {**target.api.key(CARRIER), "Content-Type": "application/x-ndjson"}
    assert target.api.http.post("/v1/documents", content=body, headers=headers).status_code == status


def test_lines_that_break_off_are_answered_as_far_as_they_came(target: Target) -> None:
    """The first 500 were worked on already: their answers are not lost, and a last line says what went wrong."""
    key = target.api.key(CARRIER)["Authorization"].encode()
    head = b"POST /v1/documents HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-ndjson\r\nAuthorization: " + key
    whole = json.dumps({"envelope": target.genuine}).encode() + b"\n" + b"{}\n" * 598
    with socket.create_connection(target.address, timeout=30) as connection:
        connection.sendall(head + b"\r\nContent-Length: 1000000\r\n\r\n" + whole + b'{"envelope":')
        answer = read_answer(connection)
    assert answer is not None
    assert (answer.status, answer.headers["connection"]) == (202, "close")
    lines = [json.loads(line) for line in answer.body.splitlines()]
    assert [line["line"] for line in lines] == list(range(1, 601))
    assert (lines[0]["status"], lines[0]["repeated"]) == (202, True)
    assert {line["problem"]["code"] for line in lines[1:599]} == {"registration.body"}
    assert (lines[599]["status"], lines[599]["problem"]["code"]) == (408, "body.slow")


@pytest.mark.parametrize("encoding", [b"chunked", b"CHUNKED"])
def test_a_body_that_ends_in_two_ways_is_refused(target: Target, encoding: bytes) -> None:
    """RFC 9112 §6.3: what a proxy in front takes for the next request must not be read as a body here, or otherwise."""
    head = b"POST /v1/verifications HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 5\r\n"
    smuggled = b"0\r\n\r\nGET /healthz HTTP/1.1\r\nHost: a\r\n\r\n"
    with socket.create_connection(target.address, timeout=30) as connection:
        connection.sendall(head + b"Transfer-Encoding: " + encoding + b"\r\n\r\n" + smuggled)
        said = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert said.startswith(b"HTTP/1.1 400")
    assert b"head.framing" in said
    assert said.count(b"HTTP/1.1") == 1


def test_a_fault_of_ours_is_a_problem_that_says_nothing_of_it(target: Target) -> None:
    app = create_app(target.api.node)

    @app.get("/fault")
    def fault() -> None:
        raise ValueError("a secret")

    answer = asyncio.run(_get(app, "/fault"))
    assert (answer.status_code, answer.headers["content-type"]) == (500, MEDIA_TYPE)
    assert answer.json()["status"] == 500
    assert "secret" not in answer.text


async def _get(app: FastAPI, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://portseal.test") as http:
        return await http.get(path)
