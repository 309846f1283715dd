"""Finality from pinned roots alone: the block that an evidence file proves, or why it proves none."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from anchors.proof_content import checkpoint_of, header_of, headers_of
from ledger.checkpoint import countries_signed
from ledger.errors import Invalid
from ledger.finality import clique, qbft
from ledger.finality.final_block import FinalBlock
from ledger.finality.form import Clique, Qbft
from ledger.finality.validator_sets import ValidatorSets
from verifier.packed_finality import content_of
from verifier.trust_roots import TrustRoots

_NEWER = "get newer trust roots: who may sign may have changed since"


def final_block(roots: TrustRoots, packed: Mapping[str, Any], hand_overs: Sequence[bytes] = ()) -> FinalBlock:
    """Return the block that is proved final. Raises Invalid `finality.*`, `evidence.chain`."""
    form, content = content_of(packed)
    if form != roots.form:
        detail = f"a proof of the form {form}; the trust roots pin {roots.form}"
        raise Invalid("finality.form", detail, mend="use the trust roots of the network that the file is from")
    match roots.finality:
        case Clique(signers):
            return clique.verify(headers_of(content), signers)
        case Qbft(validators):
            return qbft.verify(header_of(content), handed_over(validators, hand_overs))
    return _cosigned(roots, content)


def handed_over(validators: ValidatorSets, headers: Sequence[bytes]) -> ValidatorSets:
    """Return the pinned sets with those that the headers hand over to, one after the other.

    Each counts by a quorum of the set before it; one that does not count hands nothing over.
    """
    for header in headers:
        with suppress(Invalid):
            validators = qbft.hand_over(validators, header)
    return validators


def _cosigned(roots: TrustRoots, content: Mapping[str, Any]) -> FinalBlock:
    checkpoint, cosignatures = checkpoint_of(content)
    if (checkpoint.chain_id, checkpoint.genesis_hash) != (roots.chain_id, roots.genesis_hash):
        raise other_chain(checkpoint.chain_id)
    assert not isinstance(roots.finality, Clique | Qbft)  # noqa: S101 - for the type only
    roster = roots.finality.at(checkpoint.time)
    countries = countries_signed(checkpoint, cosignatures, roster)
    if 3 * len(countries) <= 2 * len(roster.countries):
        detail = f"{len(countries)} of {len(roster.countries)} pinned members have signed"
        if checkpoint.number > roots.block:
            detail += f" the block {checkpoint.number}; the trust roots are of the block {roots.block}"
        raise Invalid("finality.too-few", detail, mend=_NEWER)
    return FinalBlock(
        form="checkpoint",
        number=checkpoint.number,
        block_hash=checkpoint.block_hash,
        state_root=checkpoint.state_root,
        time=checkpoint.time,
        signers=tuple(sorted(countries)),
        of=len(roster.countries),
    )


def other_chain(chain_id: int) -> Invalid:
    """Return the fault of evidence from another chain than the pinned one."""
    detail = f"the evidence is from the chain {chain_id}, or from one with another first block"
    return Invalid("evidence.chain", detail, mend="use the trust roots of that network")
