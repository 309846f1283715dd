"""`POST /v1/verifications/bulk` of a real node: every line its answer, in order, and a summary that can be checked."""

import hashlib
import json
from collections import Counter
from typing import Any

import pytest

from api.answer_signature import check
from api.demonstration.cases import with_weight_changed
from ledger.authority import Purpose
from ledger.envelope import parse
from tests.api.conftest import Api
from tests.api.consignments import BILL, registered, signed

HOST, CARRIER = "cn.customs", "cn.eastern-meridian"
NDJSON = {"Content-Type": "application/x-ndjson"}
Line = dict[str, Any]


@pytest.fixture(scope="module")
def envelopes(api: Api) -> list[str]:
    found = [signed(api, BILL, transportDocumentReference=f"BULK{number:08}") for number in range(5)]
    registered(api, *found, issuer=CARRIER)
    return found


def post(api: Api, content: bytes, **params: Any) -> tuple[list[Line], Line, bytes]:
    """The answers, the summary, and the bytes before the summary."""
    headers = {**api.key(CARRIER), **NDJSON}
    answer = api.http.post("/v1/verifications/bulk", content=content, headers=headers, params=params)
    assert answer.status_code == 200, answer.text
    *lines, last = answer.content.splitlines(keepends=True)
    return [json.loads(line) for line in lines], json.loads(last)["summary"], b"".join(lines)


def ndjson(*values: Any) -> bytes:
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def test_every_line_has_its_answer_in_order(api: Api, envelopes: list[str]) -> None:
    forged = with_weight_changed(envelopes[1])
    unknown = signed(api, BILL, transportDocumentReference="BULKUNKNOWN")
    asked = [
        {"envelope": envelopes[0]},
        {"envelope": forged},
        {"envelope": unknown},
        {"digest": parse(envelopes[2]).digest.hex()},
        {"envelope": envelopes[3], "relying_country": "SG"},
        {"digest": "xyz"},
        {"envelope": "nonsense"},
    ]
    lines, summary, _ = post(api, ndjson(*asked))
    assert [line["line"] for line in lines] == list(range(1, 8))
    assert [line.get("authentic") for line in lines] == [
        "VALID",
        "INVALID",
        "INDETERMINATE",
        "INDETERMINATE",
        "VALID",
        None,
        "INVALID",
    ]
    assert lines[0]["usable"] == "ACTIVE"
    assert lines[4]["usable"] == "NOT_RECOGNISED"
    assert lines[5]["problem"]["code"] == "digest.form"
    assert lines[1]["codes"]["integrity.disclosures"] == "fail"
    assert summary["authentic"] == {"INDETERMINATE": 2, "INVALID": 2, "VALID": 2}
    assert (summary["lines"], summary["verdicts"], summary["problems"]) == (7, 6, {"digest.form": 1})
    assert summary["complete"] is True


def test_each_line_says_what_a_verification_by_itself_says(api: Api, envelopes: list[str]) -> None:
    lines, _, _ = post(api, ndjson(*({"envelope": one} for one in envelopes)), detail="full", relying_country="SG")
    for envelope, line in zip(envelopes, lines, strict=True):
        alone = api.http.post("/v1/verifications", json={"envelope": envelope, "relying_country": "SG"}).json()
        for name in ("authentic", "usable", "digest", "issuer", "kind", "policy"):
            assert line["verdict"][name] == alone[name]
        assert [one["code"] for one in line["verdict"]["findings"]] == [one["code"] for one in alone["findings"]]


def test_the_summary_is_signed_and_is_about_these_lines(api: Api, envelopes: list[str]) -> None:
    content = ndjson(*({"envelope": one} for one in envelopes)) + b"\n   \n{\r\n" + ndjson({"digest": "00" * 32})[:-1]
    lines, summary, answered = post(api, content, first=101)
    check(summary, api.established.keys.service_keys[HOST, Purpose.ANSWERS].public_key)
    asked = [line for line in content.split(b"\n") if line.strip()]
    assert summary["sha256_in"] == hashlib.sha256(b"".join(line + b"\n" for line in asked)).hexdigest()
    assert summary["sha256_out"] == hashlib.sha256(answered).hexdigest()
    assert summary["first"] == 101
    assert [line["line"] for line in lines] == list(range(101, 101 + len(asked)))
    usable = Counter(line["usable"] for line in lines if "usable" in line)
    assert summary["usable"] == dict(usable)
    stated = {one["block"] for one in summary["as_of"]["blocks"]}
    assert {line["block"] for line in lines if line.get("block")} <= stated
    assert summary["answered_by"] == HOST


def test_no_lines_at_all(api: Api) -> None:
    for content in (b"", b"\n\n \r\n"):
        lines, summary, _ = post(api, content)
        assert lines == []
        assert (summary["lines"], summary["complete"], summary["as_of"]["blocks"]) == (0, True, [])
        assert summary["sha256_in"] == hashlib.sha256(b"").hexdigest()


@pytest.mark.parametrize("ending", [b"\n", b"\r\n", b" \t\r\n"])
def test_other_ends_of_line(api: Api, envelopes: list[str], ending: bytes) -> None:
    content = ending.join(json.dumps({"envelope": one}).encode() for one in envelopes)
    lines, _, _ = post(api, content)
    assert [line["authentic"] for line in lines] == ["VALID"] * len(envelopes)


POISON = [
    (b"\xff\xfe\x00", "json.encoding"),
    (b'{"envelope": "a", "envelope": "b"}', "json.duplicate-key"),
    (b"[" * 5_000, "json.too-deep"),
    (b"null", "verification.body"),
    (b'{"envelope": 1}', "verification.body"),
    (b'{"digest": "' + b"0" * 64 + b'", "at": "never"}', "time.form"),
    (b"\x00", "json.syntax"),
    (b"eyJhbGciOiJFUzI1NiJ9.e30.x~", "json.syntax"),
    (b"{\r}", "verification.body"),
]


@pytest.mark.parametrize(("poison", "code"), POISON)
def test_a_poison_line_is_answered_by_a_problem_and_harms_no_other(
    api: Api, envelopes: list[str], poison: bytes, code: str
) -> None:
    good = ndjson({"envelope": envelopes[0]})
    lines, summary, _ = post(api, good + poison + b"\n" + good)
    assert [line["status"] for line in lines][::2] == [200, 200]
    assert lines[1]["problem"]["code"] == code
    assert lines[0]["usable"] == lines[2]["usable"] == "ACTIVE"
    assert summary["problems"] == {code: 1}


def test_a_huge_line_is_passed_over_and_the_others_are_answered(api: Api, envelopes: list[str]) -> None:
    good = ndjson({"envelope": envelopes[0]})
    lines, summary, _ = post(api, good + b'{"envelope": "' + b"x" * (9 * 1024 * 1024) + b'"}\n' + good)
    assert [line["status"] for line in lines] == [200, 413, 200]
    assert summary["problems"] == {"body.too-large": 1}
    assert summary["complete"] is True


def test_too_many_lines_end_the_run_after_what_was_answered(api: Api) -> None:
    lines, summary, _ = post(api, b"1\n" + b"\n" * 100_000 + b"1\n")
    assert [line["line"] for line in lines] == [1, None]
    assert lines[1]["problem"]["code"] == "body.too-large"
    assert (summary["complete"], summary["lines"]) == (False, 1)


@pytest.mark.parametrize(
    ("params", "headers", "status"),
    [
        ({"at": "never"}, {}, 422),
        ({"relying_country": "Singapore"}, {}, 422),
        ({"detail": "some"}, {}, 422),
        ({"first": 0}, {}, 422),
        ({}, {"Content-Type": "application/json"}, 415),
        ({}, {"Content-Encoding": "gzip"}, 415),
    ],
)
def test_a_wrong_question_is_refused_before_anything_is_answered(
    api: Api, params: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    sent = {**api.key(CARRIER), **NDJSON, **headers}
    answer = api.http.post("/v1/verifications/bulk", content=b"{}\n", headers=sent, params=params)
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_key_is_needed(api: Api) -> None:
    assert api.http.post("/v1/verifications/bulk", content=b"{}\n", headers=NDJSON).status_code == 401
