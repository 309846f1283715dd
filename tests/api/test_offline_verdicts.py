"""What devices without a line answered, handed in: in order, by one, once; a fault loses nothing."""

import shutil
from typing import Any

import httpx
import pytest

from anchors.offline_verdicts import OfflineVerdicts
from api.device.device import Device
from ledger import failpoint
from ledger.failpoint import VARIABLE
from tests.api.gate_case import NDJSON, Gate
from tests.api.test_documents import CARRIER


def test_verdicts_follow_each_other(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.ready()
    for _ in range(3):
        gate.verify(gate.kept[1], capsys)
    one, two, three = gate.lines()
    assert problem(gate.hand_in(two)) == (409, "offline-verdict.gap", "/0")
    assert problem(gate.hand_in(one + three)) == (409, "offline-verdict.gap", "/1")
    assert OfflineVerdicts(gate.api.node.database).of_device(Device(gate.device).key.public_key.thumbprint) == []
    assert gate.hand_in(one).status_code == 200
    assert problem(gate.hand_in(three)) == (409, "offline-verdict.gap", "/0")
    assert gate.hand_in(one + two + three).status_code == 200
    other = next(name for name in gate.api.established.tenants if name != CARRIER)
    assert problem(gate.hand_in(one, other)) == (409, "offline-verdict.tenant", "/0")


def problem(answer: Any) -> tuple[int, str, str | None]:
    told = answer.json()
    return answer.status_code, told["code"], told.get("pointer")


def test_another_history_of_the_same_device_is_refused(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.ready()
    copy = gate.folder / "copy"
    shutil.copytree(gate.device, copy)
    gate.verify(gate.kept[1], capsys)
    first = gate.lines()
    assert gate.hand_in(b"".join(first)).status_code == 200
    gate.device = copy
    gate.verify(gate.lost[1], capsys)
    gate.verify(gate.kept[1], capsys)
    forked = gate.lines()
    assert problem(gate.hand_in(forked[0])) == (409, "offline-verdict.forked", "/0")
    assert problem(gate.hand_in(forked[1])) == (409, "offline-verdict.forked", "/0")


@pytest.mark.parametrize(
    "content", [b"", b"\n\n", b"x\n", b"a.b.c\n", b"\xff\xfe\n", b"{}\n", b"x\n" * 1001], ids=range(7)
)
def test_bodies_that_are_none(gate: Gate, content: bytes) -> None:
    answer = gate.hand_in(content)
    assert 400 <= answer.status_code < 500
    assert answer.json()["code"].startswith(("offline-verdict.", "jws.", "json.", "base64url."))


def test_only_for_those_with_a_key(gate: Gate) -> None:
    assert gate.api.http.post("/v1/offline-verdicts", content=b"x", headers=NDJSON).status_code == 401
    wrong = gate.api.http.post("/v1/offline-verdicts", content=b"x", headers=gate.api.key(CARRIER))
    assert wrong.status_code in (415, 422)


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_while_verdicts_are_kept(gate: Gate, capsys: pytest.CaptureFixture[str], when: str) -> None:
    gate.ready()
    gate.verify(gate.kept[1], capsys)
    device = Device(gate.device).key.public_key.thumbprint
    failpoint.arm({VARIABLE: f"offline-verdicts.commit.{when}=raise"})
    with pytest.raises(httpx.HTTPError):
        gate.hand_in(b"".join(gate.lines())).raise_for_status()
    kept = OfflineVerdicts(gate.api.node.database).of_device(device)
    assert len(kept) == (1 if when == "after" else 0)
    assert gate.hand_in(b"".join(gate.lines())).status_code == 200
