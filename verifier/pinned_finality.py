"""Finality from pinned roots alone: the block that an evidence file proves, or why it proves none."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ledger.checkpoint import Checkpoint, Cosignature, countries_signed
from ledger.errors import Invalid
from ledger.finality.final_block import FinalBlock
from ledger.finality.form import Clique, Qbft
from verifier.packed_finality import unpack
from verifier.pinned_roster import PinnedRoster
from verifier.trust_roots import TrustRoots

_NEWER = "get newer trust roots: who may sign may have changed since"
_HAND_OVER = "have the evidence made for these trust roots, or bring them up to date: `portseal trust update`"
_NAMED = 5


def final_block(roots: TrustRoots, packed: Mapping[str, Any]) -> FinalBlock:
    """Return the block that is proved final. Raises Invalid `finality.*`, `evidence.chain`."""
    # Imported here and not above: seals take libraries that cosignatures do without.
    match roots.finality, unpack(packed):
        case PinnedRoster() as pinned, tuple(held):
            return _cosigned(roots, pinned, *held)
        case Clique(signers), list(headers):
            from ledger.finality import clique

            return clique.verify(headers, signers)
        case Qbft(validators), bytes(header):
            from ledger.finality import qbft

            return qbft.verify(header, validators)
    detail = f"a proof of the form {packed['form']}; the trust roots pin {roots.form}"
    raise Invalid("finality.form", detail, mend="use the trust roots of the network that the file is from")


def _cosigned(
    roots: TrustRoots, pinned: PinnedRoster, checkpoint: Checkpoint, cosignatures: Sequence[Cosignature]
) -> FinalBlock:
    if (checkpoint.chain_id, checkpoint.genesis_hash) != (roots.chain_id, roots.genesis_hash):
        raise other_chain(checkpoint.chain_id)
    roster = pinned.at(checkpoint.time)
    countries = countries_signed(checkpoint, cosignatures, roster)
    if 3 * len(countries) <= 2 * len(roster.countries):
        detail = f"{len(countries)} of {len(roster.countries)} pinned members have signed the block {checkpoint.number}"
        raise _too_few(roots, pinned, checkpoint, cosignatures, detail)
    return FinalBlock(
        form="checkpoint",
        number=checkpoint.number,
        block_hash=checkpoint.block_hash,
        state_root=checkpoint.state_root,
        time=checkpoint.time,
        signers=tuple(sorted(countries)),
        of=len(roster.countries),
    )


def _too_few(
    roots: TrustRoots, pinned: PinnedRoster, checkpoint: Checkpoint, cosignatures: Iterable[Cosignature], detail: str
) -> Invalid:
    """Tell apart: too few have signed; others than the pinned ones have, whom nobody handed over to."""
    if checkpoint.number <= roots.block:
        return Invalid("finality.too-few", detail, mend=_NEWER)
    detail += f"; the trust roots are of the block {roots.block}"
    known = {(name, key.key.kid) for name, one in pinned.authorities.items() for key in one.keys}
    strangers = sorted({one.authority for one in cosignatures if (one.authority, one.kid) not in known})
    if not strangers:
        return Invalid("finality.too-few", detail, mend=_NEWER)
    detail += f", and do not know the keys of {', '.join(name[:32] for name in strangers[:_NAMED])}"
    return Invalid("finality.hand-over", detail, mend=_HAND_OVER)


def other_chain(chain_id: int) -> Invalid:
    """Return the fault of evidence from another chain than the pinned one."""
    detail = f"the evidence is from the chain {chain_id}, or from one with another first block"
    return Invalid("evidence.chain", detail, mend="use the trust roots of that network")
