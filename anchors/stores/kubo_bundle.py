"""What goes to Kubo in one request: payloads under one node, as one CAR, held by one pin.

A pin costs Kubo a write of its own that must be durable, and each request a round trip. So the payloads of a `put`
become the children of one dag-pb node, the file of all of them one after the other, and only that node is pinned. One
payload alone needs no node above it.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from anchors import car
from anchors.cid import Cid, Codec, blocks
from anchors.unixfs import MAX_LINKS, Link, encode_node
from ledger.errors import Invalid

MAX_BYTES = 64 * 1024 * 1024
"""Bytes of payloads that go together, unless one alone has more."""


@dataclass(frozen=True)
class Bundle:
    """root: the CID that is pinned. cids: of every block. content: the CAR."""

    root: Cid
    cids: frozenset[Cid]
    content: bytes

    @classmethod
    def of(cls, payloads: Mapping[Cid, bytes]) -> "Bundle":
        """Make the bundle of at most 1,024 payloads."""
        found: dict[Cid, bytes] = {}
        links = []
        for cid, payload in payloads.items():
            of_payload = list(blocks(payload))
            links.append(Link(bytes(cid), sum(len(block) for _, block in of_payload), len(payload)))
            found.update(of_payload)
        root = next(iter(payloads))
        if len(links) > 1:
            node = encode_node(links)
            root = Cid.of_block(Codec.DAG_PB, node)
            found[root] = node
        file = io.BytesIO()
        car.write(file, [root], found.items())
        return cls(root, frozenset(found), file.getvalue())

    def equals(self, answer: bytes) -> bool:
        """Tell whether the CAR `answer` gives every block of the bundle with its right bytes."""
        file = io.BytesIO(answer)
        try:
            found = {it.cid for it in car.sections(file) if it.cid.matches(car.read_block(file, it))}
        except Invalid:
            return False
        return self.cids <= found


def groups(payloads: Mapping[Cid, bytes]) -> Iterator[dict[Cid, bytes]]:
    """Share `payloads` out, in order, to what goes together."""
    group: dict[Cid, bytes] = {}
    size = 0
    for cid, payload in payloads.items():
        if group and (len(group) == MAX_LINKS or size + len(payload) > MAX_BYTES):
            yield group
            group, size = {}, 0
        group[cid] = payload
        size += len(payload)
    if group:
        yield group
