import dataclasses
import multiprocessing
import sqlite3
import threading
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest

from ledger.authority import Purpose
from ledger.change_head import ChangeHead
from ledger.checkpoint import Checkpoint, Cosignature
from ledger.checkpoint_reading import CheckpointReader
from ledger.cosigner import Cosigner
from ledger.cosigner_guard import CosignerGuard
from ledger.errors import PortsealError, Refused, Unavailable
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from ledger.registry_names import ISSUERS, OPERATORS
from tests.consortium import Consortium

HEIGHTS = 8
FORKED = Checkpoint(1, bytes(32), 7, b"\x01" * 32, bytes(32), 1, {})


def test_the_same_statement_again(consortium: Consortium, tmp_path: Path) -> None:
    checkpoint, guard = consortium.checkpoint(), tmp_path / "guard"
    first = consortium.cosigner("cn.customs", guard).cosign(checkpoint, CheckpointReader(consortium.chain))
    again = consortium.cosigner("cn.customs", guard).cosign(checkpoint, CheckpointReader(consortium.chain))
    assert first == again
    assert first.authority == "cn.customs"
    assert first.kid == consortium.service_key("cn.customs", Purpose.CHECKPOINTS).public_key.kid


@pytest.mark.parametrize(
    "changes",
    [
        {"block_hash": b"\x01" * 32},
        {"state_root": b"\x01" * 32},
        {"time": 1},
        {"chain_id": 1},
        {"genesis_hash": bytes(32)},
        {"heads": {}},
        {"heads": {"issuer-registry.key": ChangeHead(1, bytes(32))}},
    ],
)
def test_what_the_own_view_does_not_say_is_not_signed(
    consortium: Consortium, tmp_path: Path, changes: dict[str, Any]
) -> None:
    wrong = dataclasses.replace(consortium.checkpoint(), **changes)
    cosigner = consortium.cosigner("cn.customs", tmp_path / "guard")
    with pytest.raises(Refused) as caught:
        cosigner.cosign(wrong, CheckpointReader(consortium.chain))
    assert caught.value.code == "cosigner.mismatch"
    cosigner.cosign(consortium.checkpoint(), CheckpointReader(consortium.chain))


def test_a_block_that_the_own_view_does_not_have(consortium: Consortium, tmp_path: Path) -> None:
    ahead = dataclasses.replace(consortium.checkpoint(), number=10_000)
    with pytest.raises(Unavailable) as caught:
        consortium.cosigner("cn.customs", tmp_path / "guard").cosign(ahead, CheckpointReader(consortium.chain))
    assert caught.value.code == "chain.no-block"


def test_registries_that_its_own_network_file_does_not_name(consortium: Consortium, tmp_path: Path) -> None:
    """Whoever collects may hand in what it read of other contracts: each cosigner looks at those that it knows."""
    view, contracts = CheckpointReader(consortium.chain), consortium.network.contracts
    swapped = {**contracts, ISSUERS: contracts[OPERATORS], OPERATORS: contracts[ISSUERS]}
    other = dataclasses.replace(consortium.network, contracts=swapped)
    told = view.read(other.addresses(), consortium.chain.head().number)
    with pytest.raises(Refused) as caught:
        consortium.cosigner("cn.customs", tmp_path / "guard").cosign(told, view)
    assert caught.value.code == "cosigner.mismatch"


def test_never_two_blocks_of_one_height(consortium: Consortium, tmp_path: Path) -> None:
    """The chain that the node sees was replaced: what it says now was not what was signed."""
    checkpoint = consortium.checkpoint()
    guard = CosignerGuard(tmp_path / "guard")
    other = dataclasses.replace(checkpoint, block_hash=b"\x01" * 32)
    guard.once("cn.customs", other, "kid", lambda: "signed")
    with pytest.raises(Refused) as caught:
        consortium.cosigner("cn.customs", tmp_path / "guard").cosign(checkpoint, CheckpointReader(consortium.chain))
    assert caught.value.code == "cosigner.equivocation"
    assert str(checkpoint.number) in caught.value.detail


def test_another_key_of_the_authority_does_not_help(tmp_path: Path) -> None:
    guard = CosignerGuard(tmp_path / "guard")
    guard.once("cn.customs", FORKED, "old", lambda: "one")
    assert guard.once("cn.customs", FORKED, "new", lambda: "two") == "two"
    assert guard.once("cn.customs", FORKED, "old", lambda: "three") == "one"
    with pytest.raises(Refused):
        guard.once("cn.customs", dataclasses.replace(FORKED, block_hash=b"\x02" * 32), "third", lambda: "no")


def test_authorities_chains_and_heights_are_apart(tmp_path: Path) -> None:
    guard = CosignerGuard(tmp_path / "guard")
    other = dataclasses.replace(FORKED, block_hash=b"\x02" * 32)
    guard.once("cn.customs", FORKED, "kid", lambda: "a")
    assert guard.once("sg.customs", other, "kid", lambda: "b") == "b"
    assert guard.once("cn.customs", dataclasses.replace(other, number=8), "kid", lambda: "c") == "c"
    assert guard.once("cn.customs", dataclasses.replace(other, chain_id=2), "kid", lambda: "d") == "d"
    assert guard.once("cn.customs", dataclasses.replace(other, genesis_hash=b"\1" * 32), "kid", lambda: "e") == "e"


def test_a_signer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    guard = CosignerGuard(tmp_path / "guard")

    def failing() -> str:
        raise Unavailable("signer.device", "the device does not answer")

    with pytest.raises(Unavailable):
        guard.once("cn.customs", FORKED, "kid", failing)
    other = dataclasses.replace(FORKED, block_hash=b"\x02" * 32)
    assert guard.once("cn.customs", other, "kid", lambda: "now") == "now"


def test_it_is_written_before_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "guard"
    CosignerGuard(path).once("cn.customs", FORKED, "kid", lambda: "jws")
    database = sqlite3.connect(path)
    assert database.execute("SELECT jws FROM signed").fetchall() == [("jws",)]
    database.close()


@pytest.mark.parametrize("content", [b"not a database, but long enough to be read as one" * 50])
def test_a_guard_file_that_is_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "guard").write_bytes(content)
    with pytest.raises(Unavailable) as caught:
        CosignerGuard(tmp_path / "guard").once("cn.customs", FORKED, "kid", lambda: "jws")
    assert caught.value.code == "cosigner.guard"


def test_no_directory(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught:
        CosignerGuard(tmp_path / "none" / "guard").once("cn.customs", FORKED, "kid", lambda: "jws")
    assert caught.value.code == "cosigner.guard"


def _race(path: Path, mine: bytes, barrier: Barrier, results: Any) -> None:
    guard, won, lost = CosignerGuard(path), [], set()
    barrier.wait()
    for number in range(HEIGHTS):
        checkpoint = dataclasses.replace(FORKED, number=number, block_hash=mine)
        try:
            guard.once("cn.customs", checkpoint, "kid", mine.hex)
            won.append(number)
        except PortsealError as error:
            lost.add(error.code)
    results.put((won, lost))


def test_two_processes_with_one_guard(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier, results = context.Barrier(2), context.Queue()
    racers = [
        context.Process(target=_race, args=(tmp_path / "guard", bytes([n]) * 32, barrier, results)) for n in (1, 2)
    ]
    for racer in racers:
        racer.start()
    (first, _), (second, _) = outcomes = [results.get(timeout=240) for _ in racers]
    for racer in racers:
        racer.join()
        assert racer.exitcode == 0
    assert sorted(first + second) == list(range(HEIGHTS)), "each height was signed, by one of the two only"
    assert set.union(*(lost for _, lost in outcomes)) == {"cosigner.equivocation"}


def test_threads_share_a_cosigner(consortium: Consortium, tmp_path: Path) -> None:
    cosigner: Cosigner = consortium.cosigner("jp.customs", tmp_path / "guard")
    checkpoint, found, view = consortium.checkpoint(), list[Cosignature](), CheckpointReader(consortium.chain)
    threads = [threading.Thread(target=lambda: found.append(cosigner.cosign(checkpoint, view))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_an_es256_key_gives_the_same_statement_too(consortium: Consortium, tmp_path: Path) -> None:
    key = PrivateKey.generate(Algorithm.ES256)
    cosigner = Cosigner("kr.customs", key, tmp_path / "guard", consortium.network)
    checkpoint = consortium.checkpoint()
    view = CheckpointReader(consortium.chain)
    assert cosigner.cosign(checkpoint, view) == cosigner.cosign(checkpoint, view)
