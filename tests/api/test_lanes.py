"""Lanes and the waiting room over HTTP."""

import json

import pytest

from anchors.lane import Lane
from anchors.pipeline.waiting_room import Busy
from api.moment import parse as parse_time
from tests.api.conftest import Api
from tests.api.test_documents import CARRIER, PROBLEM, bill, enveloped, register


def test_the_lane_is_in_the_receipt_with_its_promise(api: Api) -> None:
    promised = {}
    for lane in ("urgent", "normal", "bulk"):
        body = {"envelope": enveloped(api, bill(f"LANE-{lane}"))}
        answer = api.http.post("/v1/documents", params={"lane": lane}, json=body, headers=api.key(CARRIER))
        document = api.http.get(f"/v1/documents/{answer.json()['digest']}").json()
        assert document["lane"] == lane
        promised[lane] = parse_time(document["anchored_by"]) - parse_time(document["accepted_at"])
    assert promised["urgent"] < promised["normal"] < promised["bulk"]


def test_a_lane_that_there_is_not(api: Api) -> None:
    answer = api.http.post("/v1/documents", params={"lane": "express"}, json={}, headers=api.key(CARRIER))
    assert (answer.status_code, answer.json()["code"]) == (422, "request.parameter")


def test_a_full_room_is_said_before_the_body_is_read(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.node.registrar.room, "_places", 0)

    def read(*_: object) -> None:
        raise AssertionError("the body was read")

    with monkeypatch.context() as patch:
        patch.setattr("api.body.whole", read)
        answer = register(api, {"envelope": enveloped(api, bill("TEST00000098"))})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == PROBLEM
    assert answer.json()["code"] == "pipeline.busy"
    assert 1 <= int(answer.headers["retry-after"]) <= 60
    verdict = api.http.post("/v1/verifications", json={"envelope": enveloped(api, bill("TEST00000099"))})
    assert verdict.status_code == 200


def test_a_room_that_fills_up_in_the_middle_of_lines_refuses_the_rest(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = api.node.registrar.room
    asked: list[Lane] = []

    def check(lane: Lane) -> None:
        asked.append(lane)
        if len(asked) > 3:
            raise Busy(lane, 5, 7)

    monkeypatch.setattr(room, "check", check)
    lines = [json.dumps({"envelope": enveloped(api, bill(f"ROOM-{number}"))}) for number in range(4)]
    headers = {**api.key(CARRIER), "Content-Type": "application/x-ndjson"}
    answer = api.http.post("/v1/documents", content="\n".join(lines).encode(), headers=headers)
    results = [json.loads(line) for line in answer.text.splitlines()]
    assert [result["status"] for result in results] == [202, 202, 503, 503]
    assert results[2]["problem"]["code"] == "pipeline.busy"
