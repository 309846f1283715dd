"""Spoiling a Kubo's blocks on its disk."""

import os

from anchors.cid import Cid
from tests.anchors.store_contract import Damage
from tests.servers.kubo_daemon import Kubo


def damager(kubo: Kubo) -> Damage:
    def spoil(cid: Cid, how: str) -> None:
        file = kubo.block_file(str(cid))
        if how == "delete":
            file.unlink()
            return
        content = bytearray(file.read_bytes())
        if how == "flip":
            content[len(content) // 2] ^= 1
        else:
            del content[-1]
        os.truncate(file, 0)
        file.write_bytes(content)

    return spoil
