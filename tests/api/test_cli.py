"""The command line, as a person or a script uses it: output, exit codes, files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from api.cli import run
from api.demonstration.cases import with_weight_changed
from api.demonstration.samples import sample
from ledger.keystore import write_key
from tests.api.conftest import Api
from tests.api.test_documents import CARRIER, READER

PASSPHRASE = "a passphrase for tests"


@pytest.fixture
def node(api: Api, monkeypatch: pytest.MonkeyPatch) -> str:
    address = str(api.http.base_url)
    monkeypatch.setenv("PORTSEAL_NODE", address)
    monkeypatch.setenv("PORTSEAL_API_KEY", api.established.tenants[CARRIER].api_key)
    monkeypatch.setenv("PORTSEAL_PASSPHRASE", PASSPHRASE)
    return address


@pytest.fixture
def document(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A bill of its own for each test."""
    path = tmp_path / "bill.json"
    number = f"CLI{abs(hash(request.node.name)) % 10**9:09d}"
    path.write_text(json.dumps(sample("bill-of-lading") | {"transportDocumentReference": number}), encoding="utf-8")
    return path


def test_sign_register_status_open_share_verify_revoke(
    api: Api, node: str, document: Path, tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    carrier, own, reader = tmp_path / "carrier.jwe", tmp_path / "own.jwe", tmp_path / "reader.jwe"
    write_key(carrier, api.established.keys.issuer_keys[CARRIER], PASSPHRASE)
    write_key(own, api.established.tenants[CARRIER].encryption_key, PASSPHRASE)
    write_key(reader, api.established.tenants[READER].encryption_key, PASSPHRASE)
    envelope = tmp_path / "bill.sd-jwt"
    signing = ["sign", str(document), "--kind", "bill-of-lading", "--issuer", CARRIER, "--key", str(carrier)]
    assert run([*signing, "-o", str(envelope)]) == 0
    assert run(["register", str(envelope), "--wait", "--json"]) == 0
    [result] = json.loads(capfdbinary.readouterr().out)
    digest = result["digest"]
    assert result["state"] == "final"
    assert run(["status", digest]) == 0
    assert digest.encode() in capfdbinary.readouterr().out
    assert run(["verify", str(envelope)]) == 0
    assert b"final by   checkpoint, 15/15: " in capfdbinary.readouterr().out
    assert run(["verify", str(envelope), "--relying-country", "SG"]) == 3
    assert b"recognition.not-agreed" in capfdbinary.readouterr().out
    assert run(["verify", digest]) == 2
    assert run(["open", digest, "--key", str(own), "-o", str(tmp_path / "opened")]) == 0
    assert (tmp_path / "opened").read_bytes() == envelope.read_bytes()
    assert run(["share", digest, "--reader", READER, "--key", str(own)]) == 0
    reading = ["open", digest, "--key", str(reader), "--api-key", api.established.tenants[READER].api_key]
    assert run([*reading, "-o", str(tmp_path / "read")]) == 0
    assert (tmp_path / "read").read_bytes() == envelope.read_bytes()
    forged = tmp_path / "forged.sd-jwt"
    forged.write_text(with_weight_changed(envelope.read_text().strip()), encoding="ascii")
    assert run(["verify", str(forged)]) == 1
    assert run(["revoke", digest]) == 0
    capfdbinary.readouterr()
    assert run(["verify", str(envelope), "--json"]) == 3
    assert json.loads(capfdbinary.readouterr().out)["usable"] == "REVOKED"


def test_a_custodial_document_comes_back_as_an_envelope(node: str, document: Path, tmp_path: Path) -> None:
    folder = tmp_path / "envelopes"
    assert run(["register", str(document), "--kind", "bill-of-lading", "--out", str(folder)]) == 0
    envelope, gate = sorted(folder.iterdir())
    assert gate.name == f"{envelope.name}.gate"
    assert envelope.read_text().count("~") > 1


def test_one_bad_file_does_not_hold_up_the_others(
    node: str, document: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('{"transportDocumentReference": "X"}', encoding="utf-8")
    assert run(["register", str(document), str(bad), "--kind", "bill-of-lading", "--json"]) == 1
    good, refused = json.loads(capsys.readouterr().out)
    assert (good["status"], refused["status"]) == (202, 422)
    assert refused["problem"]["pointer"].startswith("/document")


@pytest.mark.parametrize(
    "arguments",
    [[], ["nonsense"], ["verify"], ["verify", "no-such-file"], ["sign", "x"], ["revoke", "--reason", "x"]],
)
def test_wrong_use_ends_with_64(node: str, arguments: list[str]) -> None:
    assert run(arguments) == 64


def test_a_node_that_is_not_there_ends_with_2_and_says_what_to_do(
    document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["verify", str(document), "--node", "http://127.0.0.1:9"]) == 2
    assert "portseal serve" in capsys.readouterr().err


def test_problems_name_member_and_mend(node: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    twice = tmp_path / "twice.json"
    twice.write_text('{"a": 1, "a": 2}', encoding="utf-8")
    key = tmp_path / "key.jwe"
    assert run(["keys", "new", "-o", str(key), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["jwk"]["crv"] == "P-256"
    assert run(["sign", str(twice), "--kind", "bill-of-lading", "--issuer", CARRIER, "--key", str(key)]) == 1
    said = capsys.readouterr().err
    assert "json.duplicate-key at /a" in said
    assert "What to do:" in said


def test_a_keystore_is_never_overwritten_and_a_wrong_passphrase_is_refused(
    node: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "key.jwe"
    assert run(["keys", "new", "-o", str(key), "--algorithm", "Ed25519"]) == 0
    before = key.read_bytes()
    assert run(["keys", "new", "-o", str(key)]) == 1
    assert key.read_bytes() == before
    monkeypatch.setenv("PORTSEAL_PASSPHRASE", "another passphrase")
    assert run(["keys", "show", str(key)]) == 1
    assert "keystore.passphrase" in capsys.readouterr().err


def test_an_api_key_is_made_shown_once_and_withdrawn(
    api: Api, node: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, public = ["--home", str(api.home)], tmp_path / "public.json"
    assert run(["keys", "new", "-o", str(tmp_path / "x.jwe"), "--algorithm", "X25519", "--json"]) == 0
    public.write_text(capsys.readouterr().out, encoding="utf-8")
    made = ["keys", "api", "--tenant", "cn.new-tenant", "--issuer", CARRIER, "--encryption-key", str(public), *home]
    assert run(made) == 0
    token = capsys.readouterr().out.strip()
    assert api.http.get(f"/v1/readers/{CARRIER}", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    assert run(["keys", "tenants", "--json", *home]) == 0
    listed = capsys.readouterr().out
    assert token not in listed
    [key_id] = [one["api_keys"][0] for one in json.loads(listed) if one["tenant"] == "cn.new-tenant"]
    assert run(["keys", "withdraw", key_id, *home]) == 0
    assert api.http.get(f"/v1/readers/{CARRIER}", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_issuers_and_authorities(node: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["issuers"]) == 0
    assert CARRIER in capsys.readouterr().out
    assert run(["issuers", CARRIER, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["accreditor"] == "cn.maritime"
    assert run(["authorities", "sg.customs"]) == 0
    assert "checkpoints" in capsys.readouterr().out
    assert run(["issuers", "xx.nobody"]) == 1


def test_serve_on_a_folder_that_is_no_node_says_so(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "api.cli", "serve", "--home", str(tmp_path), "--port", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, env=dict(os.environ), timeout=120, check=False)
    assert ended.returncode == 1
    assert "home.empty" in ended.stderr
    assert "--demonstration" in ended.stderr


def test_what_is_no_digest_and_no_portseal_is_said_plainly(
    node: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], document: Path
) -> None:
    assert run(["status", "../../healthz"]) == 64
    assert run(["issuers", "../../healthz"]) == 1
    assert run(["register", str(document), "--kind", "bill-of-lading", "--out", "/proc/nowhere"]) == 1
    assert "What to do:" in capsys.readouterr().err
