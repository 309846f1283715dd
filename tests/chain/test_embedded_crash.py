import multiprocessing
import os
import random
import resource
import shutil
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

from ledger.embedded import EmbeddedChain
from ledger.embedded.rules import EmbeddedVM
from ledger.errors import Invalid, Unavailable
from tests.chain.contracts import STORE, logger, words
from tests.chain.sender import Clock, Sender, ask, fault
from tests.chain.victim import CONTRACT, mine_until_killed, note_refusal
from tests.chain.wholeness import check_blocks, check_state

# The server of processes has imported everything already, so a round takes no second to start.
PROCESSES = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.chain.victim"])


def _kill_while_mining(directory: Path, notes: Path, seed: int) -> None:
    """Let a process mine until it has noted something, and then a moment more; kill it."""
    before = notes.stat().st_size if notes.exists() else 0
    victim = PROCESSES.Process(target=mine_until_killed, args=(directory, notes, seed))
    victim.start()
    while not notes.exists() or notes.stat().st_size == before:
        assert victim.is_alive()
        time.sleep(0.001)
    time.sleep(random.Random(seed).uniform(0.0, 0.2))
    victim.kill()
    victim.join()
    assert victim.exitcode == -signal.SIGKILL
    victim.close()


def _told(notes: Path) -> dict[str, str]:
    lines = notes.read_text().splitlines(keepends=True)
    return dict(line.split() for line in lines if line.endswith("\n"))


def _kill_rounds(directory: Path, seeds: range) -> None:
    notes, checked = directory.parent / "notes", 0
    for seed in seeds:
        _kill_while_mining(directory, notes, seed)
        told = _told(notes)
        with EmbeddedChain.open(directory) as chain:
            check_blocks(chain, checked)
            checked = int(ask(chain, "eth_blockNumber"), 16)
            nonce = check_state(chain, Sender().address, CONTRACT)
            assert nonce >= len(told) + 1
            for transaction, block in told.items():
                assert ask(chain, "eth_getTransactionReceipt", transaction)["blockHash"] == block
    with EmbeddedChain.open(directory) as chain:
        assert check_blocks(chain) == nonce


def test_killed_while_mining(tmp_path: Path) -> None:
    _kill_rounds(tmp_path / "chain", range(3))


@pytest.mark.slow
def test_killed_while_mining_many_times(tmp_path: Path) -> None:
    _kill_rounds(tmp_path / "chain", range(100, 140))


@pytest.fixture(scope="module")
def unclosed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """The files of a chain of 90 blocks as they lie while it is open, and how many transactions it holds."""
    sender = Sender()
    tmp_path = tmp_path_factory.mktemp("unclosed")
    copy = tmp_path / "copy"
    copy.mkdir()
    with EmbeddedChain.open(tmp_path / "chain", clock=Clock()) as chain:
        assert sender.deploy(chain, STORE) == CONTRACT
        for number in range(90):
            for _ in range(number % 3):
                sender.send(chain, to=CONTRACT, data=words(sender.nonce, sender.nonce))
            chain.mine()
        for file in (tmp_path / "chain").glob("chain.sqlite*"):
            shutil.copy(file, copy / file.name)
    return copy, sender.nonce


def _copy_of(files: Path, place: Path) -> Path:
    shutil.copytree(files, place)
    (place / "chain.sqlite-shm").unlink(missing_ok=True)
    return place


def test_log_cut_anywhere_opens_at_an_earlier_whole_block(unclosed: tuple[Path, int], tmp_path: Path) -> None:
    files, transactions = unclosed
    log = (files / "chain.sqlite-wal").read_bytes()
    assert len(log) > 100_000
    chance = random.Random(11)
    heads = set()
    for round_number in range(25):
        place = _copy_of(files, tmp_path / f"cut{round_number}")
        cut = log[: chance.randrange(len(log))]
        rest = chance.randbytes(chance.choice((0, 100, 5000)))
        (place / "chain.sqlite-wal").write_bytes(cut + rest)
        with EmbeddedChain.open(place, clock=Clock()) as chain:
            head = int(ask(chain, "eth_blockNumber"), 16)
            assert check_blocks(chain, max(0, head - 8)) >= 0
            assert check_state(chain, Sender().address, CONTRACT) <= transactions
            chain.mine()
        heads.add(head)
    assert len(heads) > 5
    assert max(heads) <= 91


def test_lost_log_opens_at_an_earlier_whole_block(unclosed: tuple[Path, int], tmp_path: Path) -> None:
    files = _copy_of(unclosed[0], tmp_path / "lost")
    (files / "chain.sqlite-wal").unlink()
    with EmbeddedChain.open(files, clock=Clock()) as chain:
        check_blocks(chain)
        check_state(chain, Sender().address, CONTRACT)
        assert 0 < int(ask(chain, "eth_blockNumber"), 16) < 91


def test_damaged_file_is_named_or_answers_without_an_exception(unclosed: tuple[Path, int], tmp_path: Path) -> None:
    files = _copy_of(unclosed[0], tmp_path / "files")
    (files / "chain.sqlite-wal").unlink()
    whole = (files / "chain.sqlite").read_bytes()
    chance = random.Random(5)
    codes = set()
    for round_number in range(25):
        place = _copy_of(files, tmp_path / f"damaged{round_number}")
        damaged = bytearray(whole)
        for _ in range(40):
            start = chance.randrange(len(whole))
            damaged[start : start + 64] = chance.randbytes(64)
        (place / "chain.sqlite").write_bytes(bytes(damaged[: len(whole)]))
        codes.add(_open_and_read(place))
    assert {"", "embedded.database"} <= codes <= {"", "embedded.corrupt", "embedded.database", "embedded.version"}


def _open_and_read(place: Path) -> str:
    """Return the code of the error, empty if the chain opened."""
    try:
        chain = EmbeddedChain.open(place, clock=Clock())
    except Unavailable as error:
        return error.code
    with chain:
        for number in range(0, 90, 9):
            chain.request("eth_getBlockReceipts", [hex(number)])
            chain.request("eth_getLogs", [{"fromBlock": "0x0"}])
    return ""


@pytest.mark.parametrize("content", [b"no database", b"", b"SQLite format 3\x00" + b"\xff" * 4096])
def test_file_that_is_no_database(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "chain.sqlite").write_bytes(content)
    if content:
        with pytest.raises(Unavailable, match=r"embedded\.database"):
            EmbeddedChain.open(tmp_path)
    else:
        EmbeddedChain.open(tmp_path).close()


def test_second_opener_is_refused(tmp_path: Path) -> None:
    first = EmbeddedChain.open(tmp_path)
    with pytest.raises(Unavailable) as refused:
        EmbeddedChain.open(tmp_path)
    assert refused.value.code == "embedded.locked"
    assert refused.value.mend
    other = PROCESSES.Process(target=note_refusal, args=(tmp_path, tmp_path / "refusal"))
    other.start()
    other.join()
    assert (tmp_path / "refusal").read_text() == "embedded.locked"
    first.close()
    EmbeddedChain.open(tmp_path).close()


def test_other_chain_id_is_refused_and_changes_nothing(tmp_path: Path) -> None:
    with EmbeddedChain.open(tmp_path, chain_id=5) as chain:
        chain.mine()
    with pytest.raises(Invalid, match=r"embedded\.chain-id"):
        EmbeddedChain.open(tmp_path, chain_id=6)
    with EmbeddedChain.open(tmp_path, chain_id=5) as chain:
        assert ask(chain, "eth_blockNumber") == "0x1"


def test_full_disk_stops_the_chain_whole_and_it_goes_on(tmp_path: Path, sender: Sender) -> None:
    with EmbeddedChain.open(tmp_path, clock=Clock()) as chain:
        address = sender.deploy(chain, STORE)
        sent = sender.send(chain, to=address, data=words(1, 1))
        log = tmp_path / "chain.sqlite-wal"
        usual = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (log.stat().st_size + 8192, usual[1]))
        try:
            for _ in range(3):
                with pytest.raises(Unavailable, match=r"embedded\.disk"):
                    chain.mine()
                assert ask(chain, "eth_blockNumber") == "0x1"
                assert ask(chain, "eth_getTransactionReceipt", sent) is None
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, usual)
        chain.mine()
        assert ask(chain, "eth_getTransactionReceipt", sent)["blockNumber"] == "0x2"
        check_blocks(chain)


def test_transaction_that_breaks_the_machine_is_dropped_alone(
    chain: EmbeddedChain, sender: Sender, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = sender.deploy(chain, logger(1))
    good = sender.send(chain, to=address, data=words(1))
    poison = Sender(2).send(chain, to=address, data=words(2))
    later = sender.send(chain, to=address, data=words(3))
    usual = EmbeddedVM.apply_transaction

    def broken(vm: EmbeddedVM, header: object, transaction: object) -> object:
        if "0x" + transaction.hash.hex() == poison:  # type: ignore[attr-defined]
            raise RuntimeError("a fault in the virtual machine")
        return usual(vm, header, transaction)  # type: ignore[arg-type]

    monkeypatch.setattr(EmbeddedVM, "apply_transaction", broken)
    chain.mine()
    assert [ask(chain, "eth_getTransactionReceipt", one)["status"] for one in (good, later)] == ["0x1", "0x1"]
    assert ask(chain, "eth_getTransactionByHash", poison) is None
    check_blocks(chain)


def test_what_waits_is_forgotten_and_can_be_sent_again(tmp_path: Path, sender: Sender) -> None:
    raw = sender.raw(to=sender.address)
    with EmbeddedChain.open(tmp_path) as chain:
        ask(chain, "eth_sendRawTransaction", raw)
    with EmbeddedChain.open(tmp_path) as chain:
        sent = ask(chain, "eth_sendRawTransaction", raw)
        chain.mine()
        assert ask(chain, "eth_getTransactionReceipt", sent)["status"] == "0x1"
        assert fault(chain, "eth_sendRawTransaction", raw)["message"] == "already known"


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="/proc is not here")
@pytest.mark.parametrize("version", [None, 2])
def test_a_file_that_is_refused_is_closed(tmp_path: Path, version: int | None) -> None:
    """While the error is still there, and with it all that the opening had."""
    path = tmp_path / "chain.sqlite"
    if version is None:
        path.write_bytes(b"no database")
    else:
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(Unavailable) as refused:
        EmbeddedChain.open(tmp_path)
    assert not [one for one in Path("/proc/self/fd").iterdir() if Path(os.path.realpath(one)).parent == tmp_path]
    assert refused.value.code == ("embedded.database" if version is None else "embedded.version")
