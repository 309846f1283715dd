import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from ledger.chain import Chain
from ledger.errors import Invalid, Refused, Unavailable
from ledger.finality.form import Checkpoint, Clique, Form, Qbft
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from ledger.network import DeployedContract, Network
from ledger.registries import NAMES
from tests.consortium import Consortium


def test_a_file_is_read_back(consortium: Consortium, tmp_path: Path) -> None:
    network = dataclasses.replace(consortium.network, rpc=("http://127.0.0.1:8545",))
    network.write(tmp_path / "network.json")
    assert Network.read(tmp_path / "network.json") == network
    network.write(tmp_path / "network.json")
    assert len(list(tmp_path.iterdir())) == 1


SIGNERS = tuple(f"0x{digit * 40}" for digit in "123")
SETS = ValidatorSets((ValidatorRange(0, SIGNERS), ValidatorRange(9, SIGNERS[:2])))


@pytest.mark.parametrize("form", [Checkpoint(), Clique(SIGNERS), Qbft(SETS)], ids=lambda form: form.name)
def test_each_form_of_finality_is_read_back(consortium: Consortium, tmp_path: Path, form: Form) -> None:
    path = tmp_path / "network.json"
    network = dataclasses.replace(consortium.network, finality=form)
    network.write(path)
    assert Network.read(path) == network
    assert json.loads(path.read_text())["finality"]["form"] == form.name


def test_a_file_from_before_there_were_other_forms(consortium: Consortium, tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    consortium.network.write(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"finality": "checkpoint"}))
    assert Network.read(path) == consortium.network
    assert consortium.network.finality == Checkpoint()


def test_the_right_chain(consortium: Consortium) -> None:
    consortium.network.check(consortium.chain)


@pytest.mark.parametrize("change", [{"chain_id": 1}, {"genesis_hash": b"\x01" * 32}])
def test_another_chain(consortium: Consortium, change: dict[str, Any]) -> None:
    with pytest.raises(Unavailable) as caught:
        dataclasses.replace(consortium.network, **change).check(consortium.chain)
    assert caught.value.code == "chain.other-network"


@pytest.mark.parametrize("name", NAMES)
def test_other_code(consortium: Consortium, name: str) -> None:
    wrong = DeployedContract(consortium.network.contracts[name].address, b"\x01" * 32)
    network = dataclasses.replace(consortium.network, contracts={**consortium.network.contracts, name: wrong})
    with pytest.raises(Refused) as caught:
        network.check(consortium.chain)
    assert caught.value.code == "network.code"
    assert name in caught.value.detail


def test_no_code_at_all(consortium: Consortium) -> None:
    nothing = DeployedContract("0x000000000000000000000000000000000000dEaD", b"\x01" * 32)
    network = dataclasses.replace(consortium.network, contracts={"AuthorityRegistry": nothing})
    with pytest.raises(Refused):
        network.check(consortium.chain)


def test_a_node_that_does_not_answer(consortium: Consortium) -> None:
    chain = Chain.http("http://127.0.0.1:9", timeout=1)
    with pytest.raises(Unavailable):
        consortium.network.check(chain)
    chain.close()


WRONG: list[tuple[str, Any]] = [
    ("/chain_id", "1"),
    ("/chain_id", True),
    ("/chain_id", -1),
    ("/chain_id", None),
    ("/genesis_hash", "00"),
    ("/genesis_hash", "0x" + "AB" * 32),
    ("/genesis_hash", 5),
    ("/name", 5),
    ("/rpc", "http://x"),
    ("/rpc", [1]),
    ("/contracts", []),
    ("/contracts", {}),
    ("/contracts/IssuerRegistry", "0x"),
    ("/contracts/IssuerRegistry/address", "0x" + "ab" * 20),
    ("/contracts/IssuerRegistry/address", "0x12"),
    ("/contracts/IssuerRegistry/code_hash", "0x12"),
    ("/deployed_at", 1.5),
    ("/finality", "none"),
    ("/finality", "clique"),
    ("/finality", None),
    ("/finality", []),
    ("/finality", {}),
    ("/finality", {"form": "clique"}),
]


@pytest.mark.parametrize(("pointer", "value"), WRONG)
def test_a_wrong_member_is_named(consortium: Consortium, tmp_path: Path, pointer: str, value: Any) -> None:
    path = tmp_path / "network.json"
    consortium.network.write(path)
    fields = json.loads(path.read_text())
    *parents, last = pointer[1:].split("/")
    place = fields
    for parent in parents:
        place = place[parent]
    place[last] = value
    path.write_text(json.dumps(fields))
    with pytest.raises(Invalid) as caught:
        Network.read(path)
    assert caught.value.code == "network.form"
    assert str(caught.value.pointer).startswith(pointer)


@pytest.mark.parametrize(
    ("pointer", "finality"),
    [
        ("/finality", {"form": "none"}),
        ("/finality", {"form": "checkpoint", "signers": list(SIGNERS)}),
        ("/finality/signers", {"form": "clique", "signers": []}),
        ("/finality/signers/0", {"form": "clique", "signers": ["0x" + "ab" * 20]}),
        ("/finality/signers/1", {"form": "clique", "signers": [SIGNERS[0], SIGNERS[0]]}),
        ("/finality/validators", {"form": "qbft", "validators": []}),
        ("/finality/validators/0", {"form": "qbft", "validators": [{"from": -1, "validators": [SIGNERS[0]]}]}),
    ],
)
def test_a_wrong_signer_is_named(consortium: Consortium, tmp_path: Path, pointer: str, finality: Any) -> None:
    path = tmp_path / "network.json"
    consortium.network.write(path)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"finality": finality}))
    with pytest.raises(Invalid) as caught:
        Network.read(path)
    assert (caught.value.code, caught.value.pointer) == ("network.form", pointer)


def test_a_file_of_three_contracts_says_what_it_lacks(consortium: Consortium, tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    consortium.network.write(path)
    fields = json.loads(path.read_text())
    del fields["contracts"]["RecognitionRegistry"], fields["contracts"]["OperatorRegistry"]
    path.write_text(json.dumps(fields))
    with pytest.raises(Invalid, match="names no RecognitionRegistry, no OperatorRegistry; an older edition") as caught:
        Network.read(path)
    assert (caught.value.code, caught.value.pointer) == ("network.form", "/contracts")
    assert "deploy a new network" in str(caught.value.mend)


@pytest.mark.parametrize("data", [b"", b"[]", b"null", b'{"name": 1, "name": 2}', b"\xff"])
def test_no_network_file(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "n").write_bytes(data)
    with pytest.raises(Invalid):
        Network.read(tmp_path / "n")


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as caught:
        Network.read(tmp_path / "n")
    assert caught.value.code == "network.file"


def test_a_directory_that_is_not_there(consortium: Consortium, tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        consortium.network.write(tmp_path / "none" / "n")
    assert caught.value.code == "network.unwritable"
