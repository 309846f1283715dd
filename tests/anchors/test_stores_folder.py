"""The folder store: the contract of all stores, and what can happen to a folder."""

import os
import sqlite3
from pathlib import Path

import pytest

from anchors import car
from anchors.cid import Cid, cid_of
from anchors.stores import FolderStore, pack
from tests.anchors.folder_packs import flip, packs, place
from tests.anchors.store_contract import Damage, StoreContract, code_of, pattern


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
