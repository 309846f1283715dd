"""Proofs of finality as files hold them: taken apart by their form, and none taken for one of another form."""

from typing import Any

import pytest

from anchors.proof_content import LONGEST
from ledger.checkpoint import Checkpoint
from ledger.errors import Invalid
from ledger.finality.form import Clique, Qbft
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from verifier.packed_finality import unpack
from verifier.pinned_finality import final_block
from verifier.pinned_roster import PinnedRoster
from verifier.trust_roots import Pinned, TrustRoots

SIGNER = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
CLAIMS = Checkpoint(1, bytes(32), 1, bytes(32), bytes(32), 1, {}).claims()
PROOFS: dict[str, dict[str, Any]] = {
    "checkpoint": {"form": "checkpoint", "claims": CLAIMS, "cosignatures": []},
    "clique": {"form": "clique", "headers": [b"one", b"two"]},
    "qbft": {"form": "qbft", "header": b"one"},
}
PINNED: dict[str, Pinned] = {
    "checkpoint": PinnedRoster({"CN": ((0, 0),)}, {}),
    "clique": Clique((SIGNER,)),
    "qbft": Qbft(ValidatorSets((ValidatorRange(0, (SIGNER,)),))),
}


def refused(pinned: Pinned, packed: dict[str, Any]) -> Invalid:
    with pytest.raises(Invalid) as caught:
        final_block(TrustRoots("a network", 1, bytes(32), {}, pinned, 0, 0), packed)
    return caught.value


@pytest.mark.parametrize("form", PROOFS)
@pytest.mark.parametrize("other", PINNED)
def test_only_a_proof_of_the_pinned_form_is_judged(form: str, other: str) -> None:
    error = refused(PINNED[other], PROOFS[form])
    if form == other:
        assert error.code == ("finality.too-few" if form == "checkpoint" else "finality.form")
        assert "the trust roots pin" not in error.detail
    else:
        assert (error.code, error.detail) == (
            "finality.form",
            f"a proof of the form {form}; the trust roots pin {other}",
        )


@pytest.mark.parametrize(
    "packed",
    [
        {},
        {"form": "another"},
        PROOFS["qbft"] | {"more": 1},
        PROOFS["checkpoint"] | {"claims": CLAIMS | {"more": 1}},
        PROOFS["checkpoint"] | {"cosignatures": [["cn.customs", bytes(32), "none", bytes(64)]]},
        PROOFS["checkpoint"] | {"cosignatures": [["cn.customs", bytes(31), "ES256", bytes(64)]]},
        {"form": "qbft", "header": b""},
        {"form": "qbft", "header": "one"},
        {"form": "clique", "headers": []},
        {"form": "clique", "headers": [b"one", "two"]},
        {"form": "clique", "headers": [b"one"] * (LONGEST + 1)},
    ],
)
def test_what_is_no_proof_is_refused(packed: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as caught:
        unpack(packed)
    assert caught.value.code == "finality.form"
    for pinned in PINNED.values():
        assert refused(pinned, packed).code == "finality.form"
