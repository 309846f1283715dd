"""The folder store when disks fail, processes die, and several write at once."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from anchors import car
from anchors.cid import Cid, cid_of
from anchors.stores import FolderStore
from ledger.errors import Unavailable
from tests.anchors.folder_packs import packs
from tests.anchors.store_contract import code_of


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
    assert [process.wait(200) for process in both] == [0, 0]
    with FolderStore(folder) as store:
        assert all(store.get(cid_of(b"%d" % number)) == b"%d" % number for number in range(30))
