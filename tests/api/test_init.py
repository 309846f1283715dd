"""`portseal init`: a folder that is whole, that shows no secret, and that is never made over another one."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from api.cli import run
from api.home import Home
from api.node_roots import NodeRoots
from ledger.account import read_account
from ledger.keystore import read_key
from ledger.network import Network
from tests.api.conftest import Api
from verifier.trust_making import trust_roots
from verifier.trust_reading import read_trust

PASSPHRASE = "a passphrase of the host"


@pytest.fixture
def arguments(api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setenv("PORTSEAL_PASSPHRASE", PASSPHRASE)
    return ["init", "--network", str(api.home / "network.json"), "--home", str(tmp_path / "home"), "--authority"]


def test_a_folder_is_made_whole(
    api: Api, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*arguments, "my.customs", "--cosigner", "th.customs", "--cosigner", "my.customs"]) == 0
    said, home = capsys.readouterr().out, Home(tmp_path / "home")
    home.check_whole()
    assert Network.read(home.network) == Network.read(api.home / "network.json")
    assert home.authority.read_text() == "my.customs\n"
    assert home.cosigners() == ["my.customs", "th.customs"]
    anchor, relay = (read_account(path, PASSPHRASE) for path in (home.anchor_account, home.relay_account))
    assert f"--anchor {anchor.address}" in said
    assert relay.address in said
    assert anchor.address != relay.address
    for path, public in (
        (home.answers_key, "my.customs.answers"),
        (home.tenant_key("my.customs"), "my.customs.encryption"),
        (home.cosigner_key("my.customs"), "my.customs.checkpoints"),
        (home.cosigner_key("th.customs"), "th.customs.checkpoints"),
    ):
        file = home.path / "public" / f"{public}.json"
        assert json.loads(file.read_bytes()) == read_key(path, PASSPHRASE).public_key.jwk()
        assert path.stat().st_mode & 0o077 == 0
        assert str(file) in said
    assert not home.passphrase.exists()
    assert not any(PASSPHRASE.encode() in path.read_bytes() for path in home.path.rglob("*") if path.is_file())


def test_the_consortiums_trust_roots_are_there_from_the_start(
    api: Api, arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    node, file, home = api.node, tmp_path / "published.json", Home(tmp_path / "home")
    roots = trust_roots(node.network, node.authority_registry, node.chain.head())
    file.write_text(json.dumps(replace(roots, chain_id=1).to_json()))
    assert run([*arguments, "my.customs", "--trust", str(file)]) == 1
    assert "trust.network" in capsys.readouterr().err
    assert not home.path.exists()
    file.write_text(json.dumps(roots.to_json()))
    assert run([*arguments, "my.customs", "--trust", str(file)]) == 0
    assert roots.fingerprint in capsys.readouterr().out
    kept = NodeRoots(None, home.trust, node.network, node.chain, node.authority_registry)
    assert kept() == read_trust(home.trust.read_bytes()) == roots


def test_nothing_is_made_over_what_is_there(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Home(tmp_path / "home")
    home.path.mkdir()
    (home.path / "something").write_text("of mine")
    assert run([*arguments, "my.customs"]) == 1
    assert "home.not-empty" in capsys.readouterr().err
    (home.path / "something").unlink()
    home.authority.write_text("my.customs\n")
    assert run([*arguments, "my.customs"]) == 1
    assert "home.unfinished" in capsys.readouterr().err
    home.authority.unlink()
    assert run([*arguments, "../my.customs"]) == 1
    assert "identifier.form" in capsys.readouterr().err
    assert list(home.path.iterdir()) == []


def test_a_short_passphrase_is_refused(arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTSEAL_PASSPHRASE", "short")
    assert run([*arguments, "my.customs"]) == 64
    assert not (tmp_path / "home").exists()
