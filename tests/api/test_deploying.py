"""`portseal deploy` as the consortium's deployer runs it, and as it is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest

from api.cli import run
from ledger.account import Account, write_account
from ledger.chain import Chain
from ledger.network import Network
from tests.consortium import Consortium
from tests.faults.plain_environment import plain_environment
from tests.ledger.rpc_servers import saying, serving

PASSPHRASE = "a passphrase for tests"
COUNTRIES = ("MY", "TH", "VN")


def founders() -> dict[str, Any]:
    return {
        "quorum": 2,
        "founders": [
            {
                "country": country,
                "authority": f"{country.lower()}.customs",
                "domain": "customs",
                "voter": Account.generate().address,
            }
            for country in COUNTRIES
        ],
    }


@dataclass
class Deployer:
    """Somebody with a folder, an account and a founders file; `rpc` is a node of the chain."""

    folder: Path
    rpc: str
    chain: Chain
    account: Account = field(default_factory=Account.generate)

    def __post_init__(self) -> None:
        write_account(self.folder / "deployer.json", self.account, PASSPHRASE, scrypt_n=2)
        (self.folder / "passphrase").write_text(PASSPHRASE + "\n")
        self.write(founders())

    @property
    def out(self) -> Path:
        return self.folder / "network.json"

    def write(self, file: dict[str, Any]) -> None:
        (self.folder / "founders.json").write_text(json.dumps(file))

    def arguments(self, *more: str) -> list[str]:
        names = {"--founders": "founders.json", "--account": "deployer.json", "--passphrase-file": "passphrase"}
        files = [part for option, name in names.items() for part in (option, str(self.folder / name))]
        return ["deploy", *files, "--rpc", self.rpc, "--out", str(self.out), *more]

    def deploy(self, *more: str) -> int:
        return run(self.arguments(*more))

    def sent(self) -> int:
        return self.chain.nonce(self.account.address, pending=True)


def forwarding(chain: Chain, before: Callable[[str], None], after: Callable[[str], None]) -> Any:
    """An HTTP node that passes requests on to the chain; it is told of each before and after."""

    def answer(handler: BaseHTTPRequestHandler, body: bytes) -> None:
        asked = json.loads(body)
        before(asked["method"])
        response = chain.transport(asked["method"], asked["params"])
        after(asked["method"])
        saying(json.dumps({**response, "id": asked["id"]}).encode())(handler, body)

    return answer


@pytest.fixture
def deployer(consortium: Consortium, tmp_path: Path) -> Iterator[Deployer]:
    with serving(forwarding(consortium.chain, lambda method: None, lambda method: None)) as node:
        yield Deployer(tmp_path, node.url, consortium.chain)


def test_it_deploys_and_then_only_checks(deployer: Deployer, capsys: pytest.CaptureFixture[str]) -> None:
    assert deployer.deploy("--name", "asean") == 0
    network, written = Network.read(deployer.out), deployer.out.read_bytes()
    said = capsys.readouterr().out
    assert "asean, chain" in said
    assert all(contract.address in said for contract in network.contracts.values())
    network.check(deployer.chain)
    assert (network.name, network.rpc, network.finality.name) == ("asean", (deployer.rpc,), "checkpoint")
    registry = network.registries(deployer.chain).authority
    assert (registry.members(), registry.quorum(), deployer.sent()) == (COUNTRIES, 2, 5)
    (deployer.folder / "passphrase").write_text("wrong")  # to check, no account is needed
    assert deployer.deploy() == 0
    assert (deployer.sent(), deployer.out.read_bytes()) == (5, written)


def test_a_lost_network_file_is_written_again(deployer: Deployer) -> None:
    assert deployer.deploy() == 0
    written = deployer.out.read_bytes()
    deployer.out.unlink()
    assert deployer.deploy() == 0
    assert (deployer.sent(), deployer.out.read_bytes()) == (5, written)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda file: file | {"chain_id": 5}, "chain.other-network"),
        (lambda file: file | {"genesis_hash": "0x" + "11" * 32}, "chain.other-network"),
        (lambda file: file | {"finality": {"form": "clique", "signers": ["0x" + "1" * 40]}}, "deployment.other-form"),
        (lambda file: file | {"name": 5}, "network.form"),
    ],
)
def test_a_file_that_does_not_fit_the_chain_is_refused_and_kept(
    deployer: Deployer, change: Any, code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert deployer.deploy() == 0
    deployer.out.write_text(json.dumps(change(json.loads(deployer.out.read_bytes()))))
    written = deployer.out.read_bytes()
    assert deployer.deploy() in (1, 2)
    said = capsys.readouterr().err
    assert code in said
    assert "What to do:" in said
    assert (deployer.sent(), deployer.out.read_bytes()) == (5, written)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda file: [], ""),
        (lambda file: file | {"quorum": 0}, "/quorum"),
        (lambda file: file | {"quorum": 4}, "/quorum"),
        (lambda file: file | {"quorum": True}, "/quorum"),
        (lambda file: file | {"founders": []}, "/founders"),
        (lambda file: file | {"founders": [{"country": "MY"}]}, "/founders/0"),
        (lambda file: file | {"founders": [file["founders"][0]] * 2}, "/founders/1/country"),
        (lambda file: _first(file, country="my"), "/founders/0/country"),
        (lambda file: _first(file, country="SG"), "/founders/0/authority"),
        (lambda file: _first(file, authority="MY.Customs"), "/founders/0/authority"),
        (lambda file: _first(file, domain="none"), "/founders/0/domain"),
        (lambda file: _first(file, domain=["customs"]), "/founders/0/domain"),
        (lambda file: _first(file, voter="0x" + "ab" * 20), "/founders/0/voter"),
        (lambda file: _first(file, voter=file["founders"][1]["voter"]), "/founders/1/voter"),
    ],
)
def test_a_founders_file_is_refused_with_the_place(
    deployer: Deployer, change: Any, pointer: str, capsys: pytest.CaptureFixture[str]
) -> None:
    deployer.write(change(founders()))
    assert deployer.deploy() == 1
    assert f"founders.form{pointer and ' at '}{pointer}: " in capsys.readouterr().err
    assert deployer.sent() == 0
    assert not deployer.out.exists()


def _first(file: dict[str, Any], **change: object) -> dict[str, Any]:
    first, *others = file["founders"]
    return file | {"founders": [first | change, *others]}


def test_a_node_that_is_not_there(deployer: Deployer, capsys: pytest.CaptureFixture[str]) -> None:
    deployer.rpc = "http://127.0.0.1:9"
    assert deployer.deploy() == 2
    assert "http://127.0.0.1:9 cannot be reached" in capsys.readouterr().err


def test_what_is_missing_or_wrong_is_said(deployer: Deployer, capsys: pytest.CaptureFixture[str]) -> None:
    nameless = [
        part for part in deployer.arguments() if part not in ("--account", str(deployer.folder / "deployer.json"))
    ]
    assert run(nameless) == 1
    assert "portseal keys account" in capsys.readouterr().err
    assert deployer.deploy("--finality", "maybe") == 1
    assert "finality.option" in capsys.readouterr().err
    (deployer.folder / "passphrase").write_text("wrong")
    assert deployer.deploy() == 1
    said = capsys.readouterr().err
    assert "account.passphrase" in said
    assert PASSPHRASE not in said
    assert deployer.sent() == 0


def test_the_deployer_account_is_made_here(deployer: Deployer, capsys: pytest.CaptureFixture[str]) -> None:
    keystore, passphrase = deployer.folder / "new.json", deployer.folder / "passphrase"
    assert run(["keys", "account", "--out", str(keystore), "--passphrase-file", str(passphrase)]) == 0
    address = capsys.readouterr().out.strip()
    assert keystore.stat().st_mode & 0o777 == 0o600
    assert deployer.deploy("--account", str(keystore)) == 0
    assert deployer.chain.nonce(address) == 5
    assert run(["keys", "account", "--out", str(keystore), "--passphrase-file", str(passphrase)]) == 1
    assert "file.exists" in capsys.readouterr().err


class Assassin:
    """Kills the process that asks, at a named moment: before or after the chain has its n-th transaction, or at the
    last request, when the contracts are there and the file is not."""

    def __init__(self) -> None:
        self.victim: subprocess.Popen[bytes] | None = None
        self._started = threading.Lock()
        self.moment: tuple[str, int] | None = None
        self._sent = self._codes = 0

    def before(self, method: str) -> None:
        self._strike("before", method)

    def after(self, method: str) -> None:
        self._sent += method == "eth_sendRawTransaction"
        self._codes += method == "eth_getCode"
        self._strike("after", method)

    def _strike(self, when: str, method: str) -> None:
        kind, number = self.moment or ("", 0)
        struck = method == "eth_sendRawTransaction" and kind == when and self._sent == number
        if struck or (kind == "code" and self._codes == number):
            with self._started:  # it may ask before its start has returned
                assert self.victim is not None
                os.kill(self.victim.pid, signal.SIGKILL)
            raise ConnectionResetError  # what it asked for goes no further

    def sends(self, arguments: list[str], moment: tuple[str, int] | None) -> int:
        """Run the command to its end, whichever it is; return its exit code."""
        self.moment, self._codes = moment, 0
        with self._started:
            self.victim = subprocess.Popen([sys.executable, "-m", "api.cli", *arguments], env=plain_environment())
        return self.victim.wait(120)


@pytest.mark.slow
def test_killed_at_every_transaction_it_goes_on(consortium: Consortium, tmp_path: Path) -> None:
    assassin = Assassin()
    moments = [(when, number) for number in range(5) for when in ("before", "after")]
    moments = [(when, number + (when == "after")) for when, number in moments]
    with serving(forwarding(consortium.chain, assassin.before, assassin.after)) as node:
        deployer = Deployer(tmp_path, node.url, consortium.chain)
        for moment in (*moments, ("code", 1), ("code", 5)):
            assert assassin.sends(deployer.arguments(), moment) == -signal.SIGKILL, moment
            assert not deployer.out.exists()
            assert deployer.sent() <= 5
        assert assassin.sends(deployer.arguments(), None) == 0
    assert deployer.sent() == 5
    Network.read(deployer.out).check(consortium.chain)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
