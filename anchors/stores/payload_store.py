"""The port behind which payloads and manifests are kept: a folder, a Kubo node, whatever else keeps blocks."""

from collections.abc import Sequence
from typing import Protocol

from anchors.cid import Cid
from ledger.errors import Invalid

MAX_PAYLOAD = 64 * 1024 * 1024
"""Bytes that a payload may have."""


class PayloadStore(Protocol):
    """Keeps byte strings under their CIDs. Safe to use from several threads.

    No answer of a store is believed: what it gives is hashed before anybody sees it. An implementation is right
    when it passes `tests/anchors/store_contract.py`.
    """

    @property
    def name(self) -> str:
        """What operators call it, in messages and metrics: `folder`, `kubo`."""
        ...

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        """Keep all of `payloads`; return their CIDs in the same order.

        On return every block is durable, and was read back from the store and hashed. Putting what is there
        already changes nothing. Either all are kept, or an error says why not; then some may be, and putting
        them again is right. Raises Invalid `payload.too-large`; Unavailable `store.full`, `store.corrupt`
        (what was read back is not what was written), `store.failed`.
        """
        ...

    def get(self, cid: Cid) -> bytes:
        """Return the bytes that `cid` names, every block hashed.

        Raises Unavailable `store.missing` (there is no such block), `store.corrupt` (there is one, with wrong
        bytes), `store.failed`; Invalid `unixfs.form` or `payload.too-large` for a CID that names no payload.
        """
        ...

    def check(self) -> None:
        """Return if the store can keep and give payloads now. Raises Unavailable `store.full`, `store.failed`."""
        ...


def check_sizes(payloads: Sequence[bytes]) -> None:
    """Return if each of `payloads` may be kept. Raises Invalid `payload.too-large`."""
    for payload in payloads:
        if len(payload) > MAX_PAYLOAD:
            raise Invalid(
                "payload.too-large",
                f"a payload has {len(payload)} bytes; the limit is {MAX_PAYLOAD}",
                mend="leave out attachments",
            )
