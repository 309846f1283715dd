"""Reports anchored at the node that made them, over HTTP and by the command line; proved when the node is gone."""

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from anchors.database.models import ReportRow
from anchors.merkle import verify_inclusion
from api.cli import run
from api.home import Home
from api.report_pdf.words import EN, ZH
from ledger import base64url
from ledger.compact_jws import sign_text
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.api.conftest import Api
from tests.api.printed import Printed, squeezed
from tests.api.test_reports import Given
from tests.demonstration_node import demonstration_node, node_of
from verifier.evidence_reading import read_evidence
from verifier.signed_report.claims import TYPE
from verifier.signed_report.file import ReportFile
from verifier.signed_report.reading import read_report

TENANT = "sg.customs"
_SECONDS = 60


@pytest.fixture(scope="module")
def given(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Given:
    found = Given(api, tmp_path_factory.mktemp("anchoring"))
    assert found.verify() == 0
    return found


def made(given: Given, **question: str) -> ReportFile:
    """A report that nobody else has: the question is in it."""
    answer = given.api.http.post(
        "/v1/verifications", json={"digest": given.digest, **question}, params={"report": "true"}
    )
    assert answer.status_code == 200, answer.text
    return ReportFile.read(answer.content)


def hand_in(given: Given, file: Any, key: dict[str, str] | None = None) -> httpx.Response:
    members = file.to_json() if isinstance(file, ReportFile) else file
    return given.api.http.post("/v1/reports", json=members, headers=given.api.key(TENANT) if key is None else key)


def until_final(given: Given, digest: bytes) -> dict[str, Any]:
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        answer: dict[str, Any] = given.api.http.get(f"/v1/reports/{digest.hex()}").json()
        if answer["state"] == "final":
            return answer
        time.sleep(0.05)
    raise AssertionError("the report is not final")


def test_from_taken_to_final(given: Given) -> None:
    file = made(given, at="2026-11-20T00:00:00Z")
    name = file.digest.hex()
    http = given.api.http
    answer = hand_in(given, file)
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/v1/reports/{name}"
    taken = answer.json()
    assert (taken["report"], taken["authority"], taken["repeated"]) == (name, "cn.customs", False)
    early = http.get(f"/v1/reports/{name}/evidence")
    if early.status_code != 200:
        assert (early.status_code, early.json()["code"]) == (409, "evidence.not-final")
    final = until_final(given, file.digest)
    place, transaction = final["batch"], final["transaction"]
    path = [bytes.fromhex(one) for one in place["path"]]
    assert verify_inclusion(file.digest, place["index"], place["size"], path, bytes.fromhex(place["root"]))
    assert transaction["block_time"] > 0
    assert final["finality"]
    assert final["final_at"].endswith("Z")
    again = hand_in(given, file).json()
    assert again == final | {"repeated": True}
    evidence = read_evidence(http.get(f"/v1/reports/{name}/evidence").content)
    assert (evidence.digest, evidence.envelope, evidence.record.kind) == (file.digest, None, "report")
    assert http.get(f"/v1/documents/{name}").status_code == 404


def test_once_however_often_and_by_whomever(given: Given) -> None:
    file = made(given, at="2026-11-21T00:00:00Z")
    keys = [given.api.key(name) for name in list(given.api.established.tenants)[:3]]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda place: hand_in(given, file, keys[place % len(keys)]), range(24)))
    assert {answer.status_code for answer in answers} == {202}
    assert [answer.json()["repeated"] for answer in answers].count(False) == 1
    until_final(given, file.digest)
    with given.api.node.database.read() as session:
        rows = session.scalars(select(ReportRow).where(ReportRow.digest == file.digest)).all()
    assert len(rows) == 1


def test_who_has_no_key_anchors_nothing(given: Given) -> None:
    file = made(given, at="2026-11-22T00:00:00Z")
    for key in ({"X": "y"}, {"Authorization": "Bearer wrong"}):
        answer = hand_in(given, file, key)
        assert answer.status_code == 401
    unknown = given.api.http.get(f"/v1/reports/{file.digest.hex()}")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "report.unknown")
    assert given.api.http.get(f"/v1/reports/{file.digest.hex()}/evidence").status_code == 404


def told(file: ReportFile, signer: PrivateKey, **made: Any) -> dict[str, str]:
    claims = deepcopy(read_report(file.jws).claims)
    claims["made"] |= made
    return {**file.to_json(), "report": sign_text(claims, signer, TYPE)}


def test_only_what_our_authority_signed(given: Given) -> None:
    file, stranger = made(given, at="2026-11-23T00:00:00Z"), PrivateKey.generate(Algorithm.ED25519)
    ours = given.api.node.custody.answers_key()
    header, claims, signature = file.jws.split(".")
    altered = base64url.encode(base64url.decode(claims).replace(b'"for":null', b'"for":"me"'))
    elsewhere = deepcopy(read_report(file.jws).claims)
    elsewhere["chain"]["id"] += 1
    for members, status, code in (
        (told(file, stranger, by="sg.customs"), 409, "report.other-authority"),
        (told(file, ours, by="sg.customs"), 409, "report.other-authority"),
        (told(file, stranger), 422, "report.key-unknown"),
        (told(file, ours, at=1), 422, "report.key-not-in-service"),
        ({**file.to_json(), "report": f"{header}.{altered}.{signature}"}, 422, "report.signature"),
        ({**file.to_json(), "report": sign_text(elsewhere, ours, TYPE)}, 409, "report.other-chain"),
        ({**file.to_json(), "report": given.text}, 422, "report.type"),
        ({**file.to_json(), "proof": "AA"}, 422, "report.proof"),
        ({"report": file.jws}, 422, "report.file"),
        ([], 422, "report.file"),
    ):
        answer = hand_in(given, members)
        assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    key = given.api.key(TENANT)
    answer = given.api.http.post("/v1/reports", content=file.jws, headers=key | {"Content-Type": "application/jwt"})
    assert answer.status_code == 415
    assert given.api.http.get(f"/v1/reports/{file.digest.hex()}").status_code == 404


def test_by_the_command_line(given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    plain, anchored = tmp_path / "bill.report.json", tmp_path / "anchored.report.json"
    assert given.verify("--at", "2026-11-24T00:00:00Z", report=plain) in (0, 2, 3)
    before = plain.read_bytes()
    key = given.api.key(TENANT)["Authorization"].removeprefix("Bearer ")
    at_node = ["--node", str(given.api.http.base_url), "--api-key", key]
    # Nobody is kept waiting who does not want to: it is taken, and not final yet.
    assert run(["report", "anchor", str(plain), "--wait", "0", *at_node]) == 2
    assert "accepted; ask again" in capsys.readouterr().err
    assert run(["report", "anchor", str(plain), "-o", str(anchored), "--trust", str(given.trust), *at_node]) == 0
    assert plain.read_bytes() == before
    capsys.readouterr()
    trust = tmp_path / "trust.json"
    trust.write_bytes(given.api.http.get("/v1/trust").content)
    checked = ["report", "check", str(anchored), str(given.document), "--trust", str(trust)]
    assert run(checked) == 0
    out = capsys.readouterr().out
    file = ReportFile.read(anchored.read_bytes())
    final = until_final(given, file.digest)
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(final["transaction"]["block_time"]))
    assert f"anchor     existed by {moment}: anchored by cn.customs, batch {final['batch']['root']}" in out
    assert "made again, the same in every finding" in out
    assert run([*checked, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["existed_by"], found["anchor"]["code"]) == (moment, "anchoring.final")
    # Again, in place, and with nothing to wait for.
    assert run(["report", "anchor", str(plain), "--wait", "0", *at_node]) == 0
    assert ReportFile.read(plain.read_bytes()).anchor
    assert run(["report", "check", str(plain), "--trust", str(trust)]) == 0
    assert run(["report", "anchor", str(plain), "--node", at_node[1], "--api-key", "wrong"]) == 1


def test_the_paper_says_by_when_it_existed(given: Given, tmp_path: Path) -> None:
    """With trust roots that prove it; without them that there is an anchor, and no time."""
    file = made(given, at="2026-11-18T00:00:00Z")
    hand_in(given, file)
    final = until_final(given, file.digest)
    evidence = read_evidence(given.api.http.get(f"/v1/reports/{file.digest.hex()}/evidence").content)
    kept, trust = tmp_path / "kept.report.json", tmp_path / "trust.json"
    kept.write_bytes(ReportFile(file.jws, file.proof, evidence).encode())
    trust.write_bytes(given.api.http.get("/v1/trust").content)
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(final["transaction"]["block_time"]))
    for language, words in (("zh", ZH), ("en", EN)):
        label, unchecked = words.facts["existed_by"], squeezed(words.unchecked)
        said = words.existed_by.format(time=moment, by="cn.customs", root=final["batch"]["root"])
        proved = paper(kept, language, "--trust", str(trust))
        assert squeezed(label + said) in proved
        assert unchecked not in proved
        alone = paper(kept, language)
        assert squeezed(label) + unchecked in alone
        assert moment not in alone
        plain = tmp_path / "plain.report.json"
        plain.write_bytes(file.encode())
        assert squeezed(label) not in paper(plain, language, "--trust", str(trust))


def paper(file: Path, language: str, *more: str) -> str:
    """What stands on the printed report."""
    out = file.with_suffix(".pdf")
    assert run(["report", "pdf", str(file), "-o", str(out), "--lang", language, *more]) == 0
    with Printed(out.read_bytes()) as printed:
        return printed.text


def test_an_anchor_that_proves_nothing_cannot_be_told(
    given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, other = made(given, at="2026-11-25T00:00:00Z"), made(given, at="2026-11-26T00:00:00Z")
    for one in (file, other):
        hand_in(given, one)
    until_final(given, file.digest)
    until_final(given, other.digest)
    evidence = read_evidence(given.api.http.get(f"/v1/reports/{other.digest.hex()}/evidence").content)
    forged, trust = tmp_path / "forged.report.json", tmp_path / "trust.json"
    forged.write_bytes(ReportFile(file.jws, file.proof, evidence).encode())
    trust.write_bytes(given.api.http.get("/v1/trust").content)
    capsys.readouterr()
    assert run(["report", "check", str(forged), "--trust", str(trust)]) == 2
    assert "anchor     NOT PROVED, anchoring.not-found" in capsys.readouterr().out
    assert run(["report", "check", str(forged), "--trust", str(trust), "--language", "zh", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["existed_by"] is None
    pdf = tmp_path / "forged.pdf"
    assert run(["report", "pdf", str(forged), "-o", str(pdf), "--trust", str(trust)]) == 2
    assert "report.anchor" in capsys.readouterr().err
    assert not pdf.exists()


def test_a_queue_of_one_tenant_is_bounded(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(given.api.node.reports, "_places", 0)
    file = made(given, at="2026-11-19T00:00:00Z")
    answer = hand_in(given, file)
    assert (answer.status_code, answer.json()["code"]) == (503, "report.busy")
    assert int(answer.headers["retry-after"]) > 0


@pytest.mark.slow
def test_when_database_and_server_are_gone(tmp_path: Path) -> None:
    """A rebuilt node proves it too; then in a fresh process without network, the node's folder away."""
    home = tmp_path / "node"
    with demonstration_node(home) as api:
        given = Given(api, tmp_path)
        assert given.verify() == 0
        key = api.key(TENANT)["Authorization"].removeprefix("Bearer ")
        at_node = ["--node", str(api.http.base_url), "--api-key", key]
        assert run(["report", "anchor", str(given.report), *at_node]) == 0
        name = ReportFile.read(given.report.read_bytes()).digest.hex()
        before = api.http.get(f"/v1/reports/{name}").json()
    for ending in ("", "-wal", "-shm"):
        path = Home(home).database
        path.with_name(path.name + ending).unlink(missing_ok=True)
    assert run(["rebuild", "--home", str(home)]) == 0
    assert run(["fsck", "--home", str(home)]) == 0
    with node_of(home, api.established) as again:
        after = again.http.get(f"/v1/reports/{name}").json()
        assert [after[part] for part in ("state", "batch", "transaction")] == [
            before[part] for part in ("state", "batch", "transaction")
        ]
        proof = again.http.get(f"/v1/reports/{name}/evidence").content
        given.trust.write_bytes(again.http.get("/v1/trust").content)
    file = ReportFile.read(given.report.read_bytes())
    given.report.write_bytes(ReportFile(file.jws, file.proof, read_evidence(proof)).encode())
    shutil.rmtree(home)
    said = given.checked_alone()
    assert "anchor     existed by 20" in said
    assert "made again, the same in every finding" in said
