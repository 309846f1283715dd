"""Edge packs from a node to a device, by command line and HTTP; verdicts without it, and what customs hear of them."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from anchors.packs import Packs
from api.cli import run
from api.device.device import Device
from api.pack_office import PackOffice
from ledger import failpoint
from ledger.failpoint import VARIABLE, FailpointError
from tests.api.gate_case import Gate
from tests.api.test_documents import CARRIER, bill, enveloped
from tests.api.test_evidence import CUT_OFF, HEAVY, ROOT, VERIFY
from tests.faults.plain_environment import plain_environment
from verifier.pack.file import read_file
from verifier.pack.head import read_head


def test_from_the_chain_to_a_verdict_and_back(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    """The whole way: made, fetched, judged with the line cut, revoked meanwhile, fetched again, handed in."""
    gate.final()
    gate.make()
    gate.fetch()
    digest, evidence = gate.lost
    code, verdict = gate.verify(evidence, capsys)
    assert (code, verdict["authentic"], verdict["usable"], verdict["digest"]) == (0, "VALID", "ACTIVE", digest)
    assert verdict["policy"].endswith("/pack-normal")

    gate.revoke(digest)
    assert gate.verify(evidence, capsys)[0] == 0
    first = Device(gate.device).held
    gate.make()
    gate.fetch()
    second = Device(gate.device).held
    assert first
    assert second
    assert second[0] == first[0] + 1
    code, verdict = gate.verify(evidence, capsys)
    assert (code, verdict["authentic"], verdict["usable"]) == (3, "VALID", "REVOKED")
    assert gate.verify(gate.kept[1], capsys)[0] == 0

    told = [json.loads(line) for line in gate.hand_in(b"".join(gate.lines())).text.splitlines()]
    assert [one["contradicted"] for one in told] == [True, True, False, False]
    assert {one["repeated"] for one in told} == {False}
    assert (told[0]["now"], told[0]["reasons"]) == ("REVOKED", ["status.revoked"])
    # It may have been revoked in the very second.
    assert told[0]["then"] in ("UNKNOWN", "REVOKED")
    again = [json.loads(line) for line in gate.hand_in(b"".join(gate.lines())).text.splitlines()]
    assert [one["repeated"] for one in again] == [True] * 4
    assert [one["hash"] for one in again] == [one["hash"] for one in told]


def test_by_the_command_line(gate: Gate, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    gate.ready()
    gate.verify(gate.kept[1], capsys)
    monkeypatch.setenv("PORTSEAL_API_KEY", gate.api.established.tenants[CARRIER].api_key)
    upload = ["gate", "upload", "--dir", str(gate.device), "--node", str(gate.api.http.base_url)]
    assert run([*upload, "--json"]) == 0
    assert [one["contradicted"] for one in json.loads(capsys.readouterr().out)] == [False]
    assert run([*upload, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []
    assert run(["gate", "verdicts", "--dir", str(gate.device), "--json"]) == 0
    [kept] = json.loads(capsys.readouterr().out)
    assert (kept["number"], kept["uploaded"], kept["verdict"]["usable"]) == (1, True, "ACTIVE")
    assert run(["gate", "verdicts", "--dir", str(gate.device)]) == 0
    assert "VALID" in capsys.readouterr().out
    assert run(["pack", "show", "--dir", str(gate.device), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["by"] == gate.api.node.authority


def test_whole_by_number_and_as_delta(gate: Gate) -> None:
    gate.final()
    gate.make()
    http = gate.api.http
    newest = read_file(http.get("/v1/packs/latest").content)
    number = read_head(newest.head)[0].number
    assert read_file(http.get(f"/v1/packs/{number}").content) == newest
    gate.final()
    gate.make()
    delta = http.get("/v1/packs/delta", params={"from": number})
    assert delta.headers["content-type"] == "application/cbor"
    assert len(delta.content) < len(http.get("/v1/packs/latest").content)
    # An older one is put together as it was, to the last byte.
    assert http.get(f"/v1/packs/{number}").content == newest.encode()
    device = Device(gate.device)
    device.apply(newest.encode())
    device.apply(delta.content)
    assert device.held
    assert device.held[0] == number + 1
    # A node that starts anew puts the same packs together.
    assert PackOffice(gate.api.node.database).whole(number + 1) == http.get("/v1/packs/latest").content
    nothing = http.get("/v1/packs/delta", params={"from": number + 1})
    assert (nothing.status_code, nothing.json()["code"]) == (409, "pack.nothing-new")
    for path in (f"/v1/packs/{number + 9}", f"/v1/packs/delta?from={number + 9}"):
        assert (http.get(path).status_code, http.get(path).json()["code"]) == (404, "pack.unknown")
    assert http.get("/v1/packs/0").status_code == 422


def test_without_anything_new_no_pack_is_made(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.final()
    gate.make()
    newest = Packs(gate.api.node.database).newest()
    for _ in range(3):
        run(["pack", "make", "--home", str(gate.api.home)])
    assert "pack.nothing-new" in capsys.readouterr().err or Packs(gate.api.node.database).newest() > newest


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_while_a_pack_is_kept(gate: Gate, when: str) -> None:
    gate.final()
    before = Packs(gate.api.node.database).newest()
    failpoint.arm({VARIABLE: f"pack.commit.{when}=raise"})
    with pytest.raises(FailpointError):
        run(["pack", "make", "--home", str(gate.api.home)])
    assert Packs(gate.api.node.database).newest() == before + (when == "after")
    gate.final()
    gate.make()
    gate.fetch()


def test_in_a_fresh_process_without_network(gate: Gate) -> None:
    """Nothing heavy is loaded, and nobody is asked."""
    gate.ready()
    command = [sys.executable, "-c", VERIFY, "verify", str(gate.kept[1]), "--pack", str(gate.device)]
    if shutil.which("unshare") and subprocess.run([*CUT_OFF, "true"], capture_output=True).returncode == 0:
        command = [*CUT_OFF, *command]
    ended = subprocess.run(command, cwd=ROOT, env=plain_environment(), capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "authentic  VALID" in ended.stdout
    loaded = {name.partition(".")[0] for name in ended.stderr.rpartition("\nloaded ")[2].split()}
    assert "verifier" in loaded
    assert loaded & HEAVY == set()


def test_what_is_no_document_or_comes_alone(gate: Gate, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    gate.ready()
    alone, nothing = tmp_path / "alone", tmp_path / "nothing"
    alone.write_text(enveloped(gate.api, bill("GATE-ALONE")))
    nothing.write_bytes(b"no envelope")
    code, verdict = gate.verify(alone, capsys)
    assert (code, verdict["authentic"], verdict["usable"]) == (2, "INDETERMINATE", "PENDING")
    assert gate.verify(nothing, capsys)[0] == 1
    # Its evidence is that of another document.
    code, verdict = gate.verify(alone, capsys, "--evidence", str(gate.kept[1]))
    assert (code, verdict["authentic"]) == (2, "INDETERMINATE")
    assert len(gate.lines()) == 3
    told = gate.hand_in(b"".join(gate.lines()))
    assert [json.loads(line)["contradicted"] for line in told.text.splitlines()] == [False] * 3
    for arguments in (["--pack", str(tmp_path)], ["--pack", str(gate.device), "--risk", "none"]):
        assert run(["verify", str(alone), *arguments]) in (2, 64)


@pytest.mark.parametrize("point", ["device.verdict.before", "device.verdict.after"])
def test_a_fault_while_a_verdict_is_kept(gate: Gate, capsys: pytest.CaptureFixture[str], point: str) -> None:
    gate.ready()
    failpoint.arm({VARIABLE: f"{point}=raise"})
    with pytest.raises(FailpointError):
        gate.verify(gate.kept[1], capsys)
    assert len(gate.lines()) == (1 if point.endswith("after") else 0)
    assert gate.verify(gate.kept[1], capsys)[0] == 0
    assert len(gate.lines()) == (2 if point.endswith("after") else 1)


def test_limits_of_the_customs_own(gate: Gate, capsys: pytest.CaptureFixture[str]) -> None:
    gate.final()
    file = gate.folder / "limits.json"
    kinds = {"other": {"warn": 0, "stop": 86_400}}
    file.write_text(json.dumps({"low": kinds, "normal": kinds, "high": {"other": {"warn": 0, "stop": 0}}}))
    assert run(["pack", "make", "--home", str(gate.api.home), "--limits", str(file)]) == 0
    gate.fetch()
    code, verdict = gate.verify(gate.kept[1], capsys, "--risk", "low")
    assert (code, verdict["usable"]) == (0, "ACTIVE")
    file.write_text("{}")
    assert run(["pack", "make", "--home", str(gate.api.home), "--limits", str(file)]) == 1
    assert "pack.form" in capsys.readouterr().err
