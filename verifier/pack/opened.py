"""A pack that was checked: nothing in it is believed but the hour roots, for which its signer stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from anchors.finality import FinalityProof
from contracts.keccak import keccak
from ledger.errors import Unavailable
from ledger.finality.final_block import FinalBlock
from ledger.jwk import PublicKey
from verifier.facts import Finality
from verifier.pack.content import Content
from verifier.pack.head import PackHead, pack_hash
from verifier.pack.lists import PackLists
from verifier.trust_roots import TrustRoots


@dataclass(frozen=True)
class Pack:
    """text: the signed head. block: proved final; the state at it is what the content says.

    roots: the trust roots that it was opened with, after its hand-overs and as of its block.
    """

    head: PackHead
    text: str
    content: Content
    block: FinalBlock
    roots: TrustRoots

    @property
    def hash(self) -> bytes:
        """The pack's name, 32 bytes."""
        return pack_hash(self.text)

    @property
    def proof(self) -> FinalityProof:
        """The proof of the block, without its content: it was checked."""
        return FinalityProof.of(self.block, {})

    @property
    def finality(self) -> Finality:
        """What the block rests on."""
        found = self.block
        return Finality(found.form, found.number, found.time, True, True, found.signers, found.of)

    def hour(self, number: int) -> tuple[bytes, int] | None:
        """Return root and size of an hour's tree; None for one without batches. Raises Unavailable `pack.hour`."""
        since, until = self.head.hours
        if not since <= number < until:
            detail = f"the pack has the roots of the hours {since} to {until - 1}, and not that of the hour {number}"
            raise Unavailable("pack.hour", detail, mend="fetch a newer pack, or have an evidence file made")
        return self.content.hours.get(number)

    @cached_property
    def lists(self) -> PackLists:
        """The content as dated lists, for all who read this pack."""
        return PackLists(self.content)

    @cached_property
    def keys(self) -> Mapping[bytes, PublicKey]:
        """The keys by their thumbprints (RFC 7638)."""
        return {key.thumbprint: key for key in self.content.keys}

    @cached_property
    def terms(self) -> Mapping[bytes, bytes]:
        """The ABI encoding of agreed terms, by the offer's id."""
        return {keccak(one): one for one in self.content.terms}
