"""Signed reports from a node, over HTTP and by the command line; checked when the node is gone."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from tests.api.conftest import Api
from tests.api.printed import Printed, squeezed
from tests.api.test_documents import bill, enveloped, register
from tests.api.test_evidence import CUT_OFF, HEAVY, ROOT
from tests.demonstration_node import demonstration_node
from tests.faults.plain_environment import plain_environment
from verifier.signed_report.file import ReportFile
from verifier.signed_report.reading import read_report

ENVELOPE = {"Content-Type": "application/dc+sd-jwt"}
CHECK = (
    "import sys; from api.cli import run; code = run(sys.argv[1:]);"
    "print('\\nloaded', *sys.modules, file=sys.stderr); sys.exit(code)"
)


class Given:
    """A final document, and its report, trust roots and evidence as files."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.api = api
        self.text = enveloped(api, bill("REPORT-1"))
        self.digest = register(api, {"envelope": self.text}).json()["digest"]
        api.until_final(self.digest)
        self.document, self.report, self.trust, self.evidence, self.pdf = (
            folder / name for name in ("bill.sd-jwt", "bill.report.json", "trust.json", "bill.evidence", "bill.pdf")
        )
        self.document.write_text(self.text + "\n")
        self.trust.write_bytes(api.http.get("/v1/trust").content)
        self.evidence.write_bytes(api.http.post("/v1/evidence", content=self.text, headers=ENVELOPE).content)

    def verify(self, *arguments: str, report: Path | None = None) -> int:
        node, kept = str(self.api.http.base_url), str(report or self.report)
        return run(["verify", str(self.document), "--report", kept, "--node", node, *arguments])

    def check(self, *arguments: str) -> int:
        return run(["report", "check", str(self.report), "--trust", str(self.trust), *arguments])

    def checked_alone(self) -> str:
        """What a fresh process says of the report: without network, with nothing heavy loaded."""
        command = [sys.executable, "-c", CHECK, "report", "check", str(self.report), str(self.document)]
        command += ["--trust", str(self.trust)]
        if shutil.which("unshare") and subprocess.run([*CUT_OFF, "true"], capture_output=True).returncode == 0:
            command = [*CUT_OFF, *command]
        ended = subprocess.run(command, cwd=ROOT, env=plain_environment(), capture_output=True, text=True, timeout=120)
        assert ended.returncode == 0, ended.stderr[-2000:]
        loaded = {name.partition(".")[0] for name in ended.stderr.rpartition("\nloaded ")[2].split()}
        assert "verifier" in loaded
        assert loaded & (HEAVY | {"reportlab", "segno"}) == set()
        return ended.stdout


@pytest.fixture(scope="module")
def given(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Given:
    found = Given(api, tmp_path_factory.mktemp("report"))
    assert found.verify("--pdf", str(found.pdf)) == 0
    return found


def claims(content: bytes) -> dict[str, Any]:
    return read_report(ReportFile.read(content).jws).claims


def test_a_report_by_http(given: Given) -> None:
    http, key = given.api.http, given.api.key("sg.customs")
    asked = {"envelope": given.text, "relying_country": "SG"}
    verdict = http.post("/v1/verifications", json=asked).json()
    answer = http.post("/v1/verifications", json=asked, params={"report": "true"}, headers=key)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    found = claims(answer.content)
    assert (found["made"]["by"], found["made"]["for"]) == ("cn.customs", "sg.customs")
    assert found["made"]["software"].startswith("portseal 0.")
    for name in ("authentic", "usable", "digest", "issuer", "kind", "policy"):
        assert found["verdict"][name] == verdict[name]
    assert [one["code"] for one in found["verdict"]["findings"]] == [one["code"] for one in verdict["findings"]]


def test_who_does_not_say_who_asks(given: Given) -> None:
    http = given.api.http
    params = {"report": "true"}
    answer = http.post("/v1/verifications", content=given.text, headers=ENVELOPE, params=params)
    assert claims(answer.content)["made"]["for"] is None
    wrong = http.post(
        "/v1/verifications", json={"digest": given.digest}, params=params, headers={"Authorization": "Bearer x"}
    )
    assert (wrong.status_code, wrong.json()["code"]) == (401, "authentication.unknown")


@pytest.mark.parametrize("subject", [{"digest": "ab" * 32}, {"envelope": "nothing of ours"}, {"envelope": ""}])
def test_reports_on_what_nobody_knows(given: Given, subject: dict[str, str], tmp_path: Path) -> None:
    answer = given.api.http.post("/v1/verifications", json=subject, params={"report": "true"})
    assert answer.status_code == 200, answer.text
    file, beside = tmp_path / "x.report.json", tmp_path / "beside"
    file.write_bytes(answer.content)
    beside.write_text(subject.get("envelope", ""))
    arguments = [] if "digest" in subject else [str(beside)]
    assert run(["report", "check", str(file), *arguments, "--trust", str(given.trust)]) == 0


def test_checks(given: Given, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    for beside in ([str(given.document)], ["--evidence", str(given.evidence)]):
        capsys.readouterr()
        assert given.check(*beside) == 0
        out = capsys.readouterr().out
        assert "signed by  cn.customs" in out
        assert "made again, the same in every finding" in out
        assert "authentic  VALID" in out
    assert given.check() == 0
    assert "not made again" in capsys.readouterr().out
    assert given.check(str(given.document), "--language", "zh") == 0
    assert "密钥" in capsys.readouterr().out
    other = tmp_path / "other"
    other.write_text(enveloped(given.api, bill("REPORT-2")))
    assert given.check(str(other)) == 1
    assert "report.other-document" in capsys.readouterr().err


def test_for_the_roots_that_will_check_it(given: Given, tmp_path: Path) -> None:
    """Nobody has changed a key here: nothing is handed over, and nothing has to be (tests/verifier has the rest)."""
    asked, http = {"envelope": given.text}, given.api.http
    block = json.loads(given.trust.read_text())["as_of"]["block"]
    answer = http.post("/v1/verifications", json=asked, params={"report": "true", "trusted_block": block})
    assert answer.status_code == 200, answer.text
    assert ReportFile.read(answer.content).proof.hand_overs == ()
    unknown = http.post("/v1/verifications", json=asked, params={"report": "true", "trusted_block": 10**9})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "block.unknown")
    wrong = http.post("/v1/verifications", json=asked, params={"report": "true", "trusted_block": -1})
    assert wrong.status_code == 422
    hand_overs = tmp_path / "hand-overs"
    hand_overs.write_bytes(http.get("/v1/trust/hand-overs", params={"after": block}).content)
    assert given.verify("--for-trust", str(given.trust), report=tmp_path / "report") == 0
    assert run(["report", "check", str(tmp_path / "report"), "--trust", str(given.trust)]) == 0
    assert given.check(str(given.document), "--hand-overs", str(hand_overs)) == 0


def test_json_for_programs(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert given.check(str(given.document), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["made_again"], told["differences"], told["signed_by"]) == (True, [], "cn.customs")
    assert told["claims"]["document"]["digest"] == given.digest


def test_what_cannot_be_told_is_no_forgery(given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole, trust = given.report.read_bytes(), given.trust.read_bytes()
    damaged, other_trust = tmp_path / "damaged", tmp_path / "trust"
    for content, trusted, code in (
        (whole[:-20], trust, 2),
        (b"{}", trust, 2),
        (whole, trust[:-5], 2),
        (whole, trust.replace(b'"chain_id": ', b'"chain_id": 1').replace(b'"chain_id":', b'"chain_id":1'), 2),
        (whole.replace(b'"report": "e', b'"report": "f'), trust, 1),
    ):
        damaged.write_bytes(content)
        other_trust.write_bytes(trusted)
        assert run(["report", "check", str(damaged), "--trust", str(other_trust)]) == code
        assert capsys.readouterr().out == ""
    assert run(["report", "check", str(tmp_path / "none"), "--trust", str(given.trust)]) == 2
    assert run(["report", "check", str(given.report)]) == 64
    assert run(["report", "check", "--help"]) == 0


def test_the_pdf_is_the_reports(given: Given, tmp_path: Path) -> None:
    again = tmp_path / "again.pdf"
    assert run(["report", "pdf", str(given.report), "-o", str(again)]) == 0
    assert again.read_bytes() == given.pdf.read_bytes()
    assert run(["report", "pdf", str(given.report), "-o", str(again), "--lang", "zh"]) == 0
    with Printed(again.read_bytes()) as printed:
        assert ReportFile.read(given.report.read_bytes()).digest.hex() in printed.text
        assert squeezed("核验报告") in printed.text


def test_a_verdict_with_a_report_is_told_as_any(
    given: Given, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    capsys.readouterr()
    report = tmp_path / "then.report.json"
    assert given.verify("--json", "--at", "2026-01-01T00:00:00Z", report=report) == 2
    told = json.loads(capsys.readouterr().out)
    assert told["asked"]["at"] == "2026-01-01T00:00:00Z"
    assert run(["report", "check", str(report), str(given.document), "--trust", str(given.trust)]) == 0


def test_when_the_server_is_gone(tmp_path: Path) -> None:
    """In a fresh process without network, with nothing heavy loaded; the node's folder is away too."""
    home = tmp_path / "node"
    with demonstration_node(home) as api:
        given = Given(api, tmp_path)
        assert given.verify() == 0
    shutil.rmtree(home)
    assert "made again, the same in every finding" in given.checked_alone()
