"""Putting a payload together again from its blocks, each hashed, in the one shape that the profile allows.

The size that the root states fixes the whole tree (chunks of 1 MiB, 1,024 links), so that a hostile root can ask
for no more blocks than a payload of its size has, and one payload has one CID.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from anchors.cid import CHUNK, Cid, Codec
from anchors.unixfs import MAX_LINKS, Link, decode_node
from ledger.errors import Invalid


@dataclass(frozen=True)
class Reassembly:
    """Reads files by their blocks.

    get_block: gives the bytes of one block, right or wrong, and raises what it likes where it has none.
    limit: bytes that a file may have. chunk, max_links: the profile.
    """

    get_block: Callable[[Cid], bytes]
    limit: int
    chunk: int = CHUNK
    max_links: int = MAX_LINKS

    def read(self, cid: Cid) -> bytes:
        """Return the bytes that `cid` names.

        Raises Invalid `block.hash` for a block with another hash, `unixfs.form` for a tree of another shape,
        `payload.too-large` above the limit.
        """
        block = self._fetch(cid)
        size = _size(cid, block)
        if size > self.limit:
            raise Invalid("payload.too-large", f"the file has more than {self.limit} bytes", mend="ask for another")
        return b"".join(self._leaves(cid, block, self._height(size), size))

    def _fetch(self, cid: Cid) -> bytes:
        block = self.get_block(cid)
        if not cid.matches(block):
            raise Invalid("block.hash", f"the bytes given for {cid} have another hash", mend="ask another store")
        return block

    def _height(self, size: int) -> int:
        height = 0
        while self.chunk * self.max_links**height < size:
            height += 1
        return height

    def _leaves(self, cid: Cid, block: bytes, height: int, size: int) -> Iterator[bytes]:
        if height == 0:
            _require(cid.codec is Codec.RAW and len(block) == size)
            yield block
            return
        _require(cid.codec is Codec.DAG_PB)
        links = decode_node(block)
        full = self.chunk * self.max_links ** (height - 1)
        _require([link.size for link in links] == [min(full, size - start) for start in range(0, size, full)])
        for link in links:
            yield from self._child(link, height - 1)

    def _child(self, link: Link, height: int) -> Iterator[bytes]:
        cid = Cid.from_bytes(link.cid)
        block = self._fetch(cid)
        _require(link.total == _total(cid, block))
        return self._leaves(cid, block, height, link.size)


def _size(cid: Cid, block: bytes) -> int:
    return len(block) if cid.codec is Codec.RAW else sum(link.size for link in decode_node(block))


def _total(cid: Cid, block: bytes) -> int:
    below = () if cid.codec is Codec.RAW else decode_node(block)
    return len(block) + sum(link.total for link in below)


def _require(shape: bool) -> None:
    if not shape:
        raise Invalid("unixfs.form", "the blocks make no file of our shape", mend="store the payload again")
