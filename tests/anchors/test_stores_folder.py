"""The folder store: the contract of all stores, and what can happen to a folder."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from anchors import car
from anchors.cid import Cid, cid_of
from anchors.stores import FolderStore, pack
from ledger.errors import Unavailable
from tests.anchors.store_contract import Damage, StoreContract, code_of, pattern


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "store"


@pytest.fixture
def store(folder: Path) -> Iterator[FolderStore]:
    with FolderStore(folder) as store:
        yield store


def packs(folder: Path) -> list[Path]:
    return sorted((folder / "packs").glob("*.car"))


def place(folder: Path, cid: Cid) -> tuple[Path, car.Section]:
    for path in packs(folder):
        with path.open("rb") as file:
            for section in car.sections(file):
                if section.cid == cid:
                    return path, section
    raise LookupError(cid)


def flip(path: Path, offset: int) -> None:
    data = bytearray(path.read_bytes())
    data[offset] ^= 1
    path.write_bytes(data)


@pytest.fixture
def damage(folder: Path) -> Damage:
    def spoil(cid: Cid, how: str) -> None:
        path, section = place(folder, cid)
        if how == "delete":
            path.unlink()
        elif how == "flip":
            flip(path, section.offset)
        else:
            os.truncate(path, section.offset + section.length - 1)

    return spoil


class TestFolderStore(StoreContract):
    """The contract on a folder."""


def test_one_put_makes_one_pack_that_names_its_payloads(store: FolderStore, folder: Path) -> None:
    payloads = [pattern(1), pattern(3_000_000), pattern(2)]
    cids = store.put([*payloads, payloads[0]])
    (path,) = packs(folder)
    with path.open("rb") as file:
        assert car.read_header(file) == cids[:3]
    store.put(payloads)
    assert packs(folder) == [path]


def test_a_put_of_very_many_makes_several_packs(
    store: FolderStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pack, "MAX_PAYLOADS", 10)
    cids = store.put([pattern(size) for size in range(25)])
    assert len(packs(folder)) == 3
    assert [store.get(cid) for cid in cids] == [pattern(size) for size in range(25)]
    assert len(car.header([cids[0]] * 65_536)) < car.MAX_HEADER


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="/proc is not here")
@pytest.mark.parametrize("payload", [b"new", b"there already"])
def test_the_name_follows_the_bytes_to_the_disk(
    store: FolderStore, folder: Path, monkeypatch: pytest.MonkeyPatch, payload: bytes
) -> None:
    store.put([b"there already"])
    before, synced, real = len(packs(folder)), [], os.fsync

    def watched(handle: int) -> None:
        synced.append((Path(f"/proc/self/fd/{handle}").readlink(), len(packs(folder)) - before))
        real(handle)

    monkeypatch.setattr(os, "fsync", watched)
    store.put([payload])
    if payload == b"new":
        assert synced[0][0].suffix == ".part"
        assert [named for _, named in synced] == [0, 1]
    assert synced[-1][0] == folder / "packs"


def test_it_is_all_there_after_reopening(folder: Path) -> None:
    with FolderStore(folder) as store:
        cids = store.put([pattern(size) for size in range(50)])
    with FolderStore(folder) as store:
        assert [store.get(cid) for cid in cids] == [pattern(size) for size in range(50)]


def spoil_index(folder: Path, how: str) -> None:
    index = folder / "index.sqlite"
    if how == "gone":
        index.unlink()
    elif how == "empty":
        index.write_bytes(b"")
    elif how == "rubbish":
        index.write_bytes(b"rubbish" * 1000)
    elif how == "holed":
        data = index.read_bytes()
        index.write_bytes(data[:4096] + b"\xff" * (len(data) - 4096))
    elif how == "cut":
        os.truncate(index, index.stat().st_size // 2)
    elif how == "foreign":
        index.unlink()
        with sqlite3.connect(index) as other:
            other.execute("CREATE TABLE packs (colour TEXT)")
            other.execute("PRAGMA user_version = 7")
    elif how == "lying":
        with sqlite3.connect(index) as other:
            other.execute("UPDATE blocks SET place = place + 1")


HOWS = ["gone", "empty", "rubbish", "holed", "cut", "foreign", "lying"]


@pytest.mark.parametrize("how", HOWS)
def test_the_index_is_only_a_memory(folder: Path, how: str) -> None:
    with FolderStore(folder) as store:
        cids = store.put([pattern(size) for size in range(300)]) + store.put([pattern(5_000_000)])
    spoil_index(folder, how)
    with FolderStore(folder) as store:
        assert [store.get(cid) for cid in cids] == [*map(pattern, range(300)), pattern(5_000_000)]
        assert store.put([pattern(301)]) == [cid_of(pattern(301))]
        assert store.get(cid_of(pattern(301))) == pattern(301)


def test_the_index_spoilt_under_an_open_store(store: FolderStore, folder: Path) -> None:
    cids = store.put([pattern(size) for size in range(3000)])
    store._index.close()
    spoil_index(folder, "holed")
    assert store.get(cids[7]) == pattern(7)
    assert store.get(cids[-1]) == pattern(2999)


def test_a_pack_from_elsewhere_is_found(tmp_path: Path) -> None:
    with FolderStore(tmp_path / "a") as there, FolderStore(tmp_path / "b") as here:
        (cid,) = there.put([b"payload"])
        assert code_of(lambda: here.get(cid)) == "store.missing"
        (path,) = packs(tmp_path / "a")
        (tmp_path / "b/packs" / path.name).write_bytes(path.read_bytes())
        assert here.get(cid) == b"payload"


def test_a_pack_that_is_still_being_copied_in_is_found_when_it_is_whole(tmp_path: Path) -> None:
    with FolderStore(tmp_path / "a") as there, FolderStore(tmp_path / "b") as here:
        first, last = there.put([b"first", b"last"])
        (path,) = packs(tmp_path / "a")
        content = path.read_bytes()
        copy = tmp_path / "b/packs" / path.name
        copy.write_bytes(content[:-20])
        assert here.get(first) == b"first"
        assert code_of(lambda: here.get(last)) == "store.corrupt"
        copy.write_bytes(content)
    with FolderStore(tmp_path / "b") as here:
        assert here._index.places(last)[0][1].length == 4
        assert here.get(last) == b"last"


def test_any_intact_copy_serves(store: FolderStore, folder: Path) -> None:
    (cid,) = store.put([b"first copy, to be spoilt"])
    (path,) = packs(folder)
    path.with_name("copy.car").write_bytes(path.read_bytes())
    flip(path, place(folder, cid)[1].offset)
    assert store.get(cid) == b"first copy, to be spoilt"
    path.with_name("copy.car").unlink()
    assert code_of(lambda: store.get(cid)) == "store.corrupt"


def test_a_truncated_pack_keeps_what_is_before_the_cut(folder: Path) -> None:
    with FolderStore(folder) as store:
        cids = store.put([b"first", b"second", b"third"])
    path, section = place(folder, cids[1])
    os.truncate(path, section.offset + 2)
    with FolderStore(folder) as store:
        assert store.get(cids[0]) == b"first"
        assert code_of(lambda: store.get(cids[1])) == "store.corrupt"
        assert code_of(lambda: store.get(cids[2])) == "store.corrupt"


@pytest.mark.parametrize("content", [b"", b"rubbish", b"\xff" * 100])
def test_a_file_that_is_no_pack_harms_nothing(folder: Path, content: bytes) -> None:
    with FolderStore(folder) as store:
        (cid,) = store.put([b"payload"])
        (folder / "packs/other.car").write_bytes(content)
        (folder / "packs/directory.car").mkdir()
        (folder / "packs/notes.txt").write_text("hello")
        assert code_of(lambda: store.get(cid_of(b"none"))) == "store.missing"
    with FolderStore(folder) as store:
        assert store.get(cid) == b"payload"


def test_an_unreadable_pack_is_not_a_wrong_answer(folder: Path) -> None:
    with FolderStore(folder) as store:
        spoilt, intact = store.put([b"payload"]) + store.put([b"other"])
        path, _ = place(folder, spoilt)
        content = path.read_bytes()
        path.unlink()
        path.symlink_to(path)  # opening it fails, for root too
        assert code_of(lambda: store.get(spoilt)) == "store.missing"
    with FolderStore(folder) as store:
        assert store.get(intact) == b"other"
        path.unlink()
        path.write_bytes(content)
        assert store.get(spoilt) == b"payload"


def test_two_open_stores_see_each_other(folder: Path) -> None:
    with FolderStore(folder) as one, FolderStore(folder) as two:
        (cid,) = one.put([b"from one"])
        assert two.get(cid) == b"from one"
        (cid,) = two.put([b"from two"])
        assert one.get(cid) == b"from two"
        assert two.put([b"from one"]) == one.put([b"from one"])
        assert len(packs(folder)) == 2


def test_leftovers_go_when_nobody_else_may_be_writing_them(folder: Path) -> None:
    with FolderStore(folder) as first:
        (folder / "packs/half.part").write_bytes(b"half a pack")
        with FolderStore(folder):
            assert (folder / "packs/half.part").exists()
        first.check()
    with FolderStore(folder):
        assert not (folder / "packs/half.part").exists()


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EIO])
def test_a_disk_that_fails_at_the_end_leaves_nothing(
    store: FolderStore, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def failing(handle: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", failing)
        wanted = "store.failed" if number == errno.EIO else "store.full"
        assert code_of(lambda: store.put([b"payload"])) == wanted
        assert code_of(store.check) == wanted
    assert list((folder / "packs").iterdir()) == []
    store.check()
    assert store.get(*store.put([b"payload"])) == b"payload"


def test_a_disk_that_lies_is_found_out(store: FolderStore, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def losing(handle: int) -> None:
        os.pwrite(handle, b"\0", 200)
        real(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", losing)
        assert code_of(lambda: store.put([b"x" * 1000])) == "store.corrupt"
    assert list((folder / "packs").iterdir()) == []
    assert code_of(lambda: store.get(cid_of(b"x" * 1000))) == "store.missing"


FILL = """
import resource, sys
from pathlib import Path
from anchors.stores import FolderStore, pack
from ledger.errors import Unavailable
store = FolderStore(Path(sys.argv[1]))
store.put([b"small"])
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    store.put([bytes(200_000)])
except Unavailable as error:
    print(error.code)
"""


def test_no_room_for_the_pack(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FILL, folder], capture_output=True, text=True, check=True)
    assert done.stdout == "store.full\n"
    assert len(list((folder / "packs").iterdir())) == 1
    with FolderStore(folder) as store:
        assert store.get(cid_of(b"small")) == b"small"
        assert store.put([bytes(200_000)])


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(Unavailable) as raised:
        FolderStore(tmp_path / "file")
    assert raised.value.code == "store.failed"


PUT_FOR_EVER = """
import os, sys
from pathlib import Path
from anchors.stores import FolderStore
store = FolderStore(Path(sys.argv[1]))
while True:
    cids = store.put([os.urandom(3000) for _ in range(20)] + [os.urandom(1_100_000)])
    print(*cids, flush=True)
"""


def test_kill_at_any_moment_loses_nothing_that_was_kept(folder: Path) -> None:
    kept: list[Cid] = []
    for turn in range(8):
        process = subprocess.Popen([sys.executable, "-c", PUT_FOR_EVER, folder], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        first = process.stdout.readline()
        time.sleep(0.013 * turn)
        process.send_signal(signal.SIGKILL)
        rest, _ = process.communicate()
        lines = [line for line in (first + rest).splitlines(keepends=True) if line.endswith("\n")]
        kept += [Cid.parse(text) for line in lines for text in line.split()]
        with FolderStore(folder) as store:
            assert not list((folder / "packs").glob("*.part"))
            assert all(cid_of(store.get(cid)) == cid for cid in kept)
    for path in packs(folder):
        with path.open("rb") as file:
            assert len(list(car.sections(file))) == 23
    assert len(kept) >= 8 * 21


def test_two_processes_at_once(folder: Path) -> None:
    put = "import sys; from pathlib import Path; from anchors.stores import FolderStore\n"
    put += "store = FolderStore(Path(sys.argv[1]))\n"
    put += "for n in range(30): store.put([b'%d' % n, b'%d' % (n // 2)])"
    both = [subprocess.Popen([sys.executable, "-c", put, folder]) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    with FolderStore(folder) as store:
        assert all(store.get(cid_of(b"%d" % number)) == b"%d" % number for number in range(30))
