"""The packs of a folder store on the disk."""

from pathlib import Path

from anchors import car
from anchors.cid import Cid


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
