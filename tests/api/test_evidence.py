"""Evidence and trust roots from a node, over HTTP and by the command line; then a verdict without it."""

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from tests.api.conftest import Api
from tests.api.test_documents import bill, enveloped, register
from tests.faults.plain_environment import plain_environment
from verifier.evidence_reading import read_evidence
from verifier.trust_reading import read_trust

ROOT = Path(__file__).parents[2]
ENVELOPE = {"Content-Type": "application/dc+sd-jwt"}
HEAVY = {
    *("alembic", "asyncio", "click", "concurrent", "eth", "eth_abi", "eth_account", "eth_utils", "fastapi", "hexbytes"),
    *("http", "httpx", "joserfc", "logging", "multiprocessing", "pydantic", "requests", "rich", "rlp", "sqlalchemy"),
    *("ssl", "starlette", "structlog", "trie", "typer", "urllib3", "uvicorn", "web3", "xml", "zoneinfo"),
}
NOT_NEEDED = HEAVY | {
    *("coincurve", "sqlite3", "ledger.authority", "ledger.block_header", "ledger.finality.clique"),
    *("ledger.finality.qbft", "ledger.keystore", "ledger.network", "ledger.private_key", "ledger.registries"),
    "ledger.roster_storage",
}
"""For a checkpoint: seals, secret keys and hand-overs are not in question."""
MOST_MODULES = 375
CUT_OFF = ["unshare", "-n", "-r"]
VERIFY = (
    "import sys; from api.cli import run; code = run(sys.argv[1:]);"
    "print('\\nloaded', *sys.modules, file=sys.stderr); sys.exit(code)"
)


class Given:
    """A final document, its envelope, evidence with and without it, and trust roots, as files."""

    def __init__(self, api: Api, folder: Path) -> None:
        self.text = enveloped(api, bill("EVIDENCE-1"))
        self.digest = register(api, {"envelope": self.text}).json()["digest"]
        api.until_final(self.digest)
        answer = api.http.post("/v1/evidence", content=self.text, headers=ENVELOPE)
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/cbor"
        bare = api.http.get(f"/v1/documents/{self.digest}/evidence")
        assert bare.status_code == 200, bare.text
        trust = api.http.get("/v1/trust")
        assert trust.status_code == 200, trust.text
        self.whole, self.bare, self.trust = (folder / name for name in ("whole.evidence", "bare.evidence", "trust"))
        self.envelope = folder / "envelope"
        for path, data in ((self.whole, answer.content), (self.bare, bare.content), (self.trust, trust.content)):
            path.write_bytes(data)
        self.envelope.write_text(self.text)

    def offline(self, *arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
        capsys.readouterr()
        code = run(["verify", *arguments, "--offline", "--trust", str(self.trust), "--json"])
        return code, json.loads(capsys.readouterr().out)


@pytest.fixture(scope="module")
def given(api: Api, tmp_path_factory: pytest.TempPathFactory) -> Given:
    return Given(api, tmp_path_factory.mktemp("evidence"))


def test_the_envelope_is_in_the_file_only_where_it_was_presented(given: Given) -> None:
    whole, bare = read_evidence(given.whole.read_bytes()), read_evidence(given.bare.read_bytes())
    assert (whole.envelope, bare.envelope) == (given.text, None)
    assert whole.digest.hex() == bare.digest.hex() == given.digest
    assert given.text.encode() not in given.bare.read_bytes()
    assert read_trust(given.trust.read_bytes()).form == "checkpoint"


def test_offline_verdicts(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    code, verdict = given.offline(str(given.whole), capsys=capsys)
    assert (code, verdict["authentic"], verdict["usable"]) == (0, "VALID", "ACTIVE")
    code, verdict = given.offline(str(given.bare), "--envelope", str(given.envelope), capsys=capsys)
    assert (code, verdict["authentic"], verdict["usable"]) == (0, "VALID", "ACTIVE")
    code, verdict = given.offline(str(given.bare), capsys=capsys)
    assert (code, verdict["authentic"]) == (2, "INDETERMINATE")
    code, verdict = given.offline(str(given.whole), "--relying-country", "SG", capsys=capsys)
    assert (code, verdict["authentic"], verdict["usable"]) == (2, "VALID", "UNKNOWN")


def test_the_same_as_the_node_says(api: Api, given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    asked = api.http.post("/v1/verifications", json={"envelope": given.text}).json()
    _, verdict = given.offline(str(given.whole), capsys=capsys)
    for name in ("authentic", "usable", "digest", "issuer", "kind", "policy"):
        assert verdict[name] == asked[name]
    assert [one["code"] for one in verdict["findings"]] == [one["code"] for one in asked["findings"]]


def test_for_people_in_both_languages(given: Given, capsys: pytest.CaptureFixture[str]) -> None:
    for language, word in (("en", "proof that this is final"), ("zh", "最终性证明")):
        capsys.readouterr()
        trust = ("--trust", str(given.trust), "--language", language)
        assert run(["verify", str(given.whole), "--offline", *trust]) == 0
        assert word in capsys.readouterr().out


def test_a_damaged_file_is_never_invalid(given: Given, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    damaged = tmp_path / "damaged"
    damaged.write_bytes(given.whole.read_bytes()[:-1])
    for file, trust in ((damaged, given.trust), (given.whole, damaged), (tmp_path / "none", given.trust)):
        assert run(["verify", str(file), "--offline", "--trust", str(trust)]) == 2
        assert capsys.readouterr().out == ""
    assert run(["verify", str(given.whole), "--offline"]) == 64
    assert run(["verify", "--offline", "--help"]) == 0


def test_what_is_not_final_or_not_known(api: Api, given: Given) -> None:
    unknown = api.http.get(f"/v1/documents/{'00' * 32}/evidence")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "document.unknown")
    wrong = api.http.get(f"/v1/documents/{given.digest}/evidence", params={"relying_country": "sg"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "country.form")
    for content in (b"", b"no envelope", given.text[:-5].encode()):
        answer = api.http.post("/v1/evidence", content=content, headers=ENVELOPE)
        assert 400 <= answer.status_code < 500


def test_in_a_fresh_process_without_network(given: Given) -> None:
    """Nothing heavy is loaded, and nobody is asked."""
    command = [sys.executable, "-c", VERIFY, "verify", str(given.whole), "--offline", "--trust", str(given.trust)]
    if shutil.which("unshare") and subprocess.run([*CUT_OFF, "true"], capture_output=True).returncode == 0:
        command = [*CUT_OFF, *command]
    ended = subprocess.run(command, cwd=ROOT, env=plain_environment(), capture_output=True, text=True, timeout=120)
    assert ended.returncode == 0, ended.stderr[-2000:]
    assert "authentic  VALID" in ended.stdout
    loaded = set(ended.stderr.rpartition("\nloaded ")[2].split())
    assert "verifier.offline" in loaded
    assert loaded & NOT_NEEDED == set()
    assert len(loaded) <= MOST_MODULES
