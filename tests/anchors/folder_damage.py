"""Spoiling a folder store's packs on the disk."""

import os
from pathlib import Path

from anchors.cid import Cid
from tests.anchors.folder_packs import flip, place


def spoil(folder: Path, cid: Cid, how: str) -> None:
    """Change a byte of the block (`flip`), cut its pack off in it (`truncate`), or remove its pack (`delete`)."""
    path, section = place(folder, cid)
    if how == "delete":
        path.unlink()
    elif how == "flip":
        flip(path, section.offset)
    else:
        os.truncate(path, section.offset + section.length - 1)
