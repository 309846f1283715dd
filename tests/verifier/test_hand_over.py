"""Trust roots of long ago verify what is signed by those who came later, if each handed over to the next."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest

from contracts.keccak import keccak
from ledger.errors import Refused
from ledger.private_key import PrivateKey
from ledger.rosters import roster_facts
from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from tests.verifier.changing_roster import COUNTRIES, ChangingRoster
from tests.verifier.kept_files import GOOD
from tests.verifier.world import codes
from verifier.axes import Authentic, Usable
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_hand_overs
from verifier.hand_over import Followed, follow
from verifier.hand_over_file import HandOverFile
from verifier.pinned_roster import PinnedRoster, pinned_of
from verifier.trust_roots import TrustRoots


@pytest.fixture
def changing(consortium_template: Consortium, tmp_path: Path) -> Iterator[ChangingRoster]:
    with consortium_template.copy(tmp_path) as copy:
        yield ChangingRoster(Case(copy))


def followed(roots: TrustRoots, file: HandOverFile | EvidenceFile) -> Followed:
    return follow(roots, file.hand_overs, {keccak(node): node for node in file.nodes})


def rotated_by_all(changing: ChangingRoster) -> TrustRoots:
    """Roots of before; then each member changes its key, with a checkpoint after each."""
    roots = changing.roots()
    changing.checkpoint()
    for country in COUNTRIES:
        changing.rotate(country)
        changing.checkpoint()
    return roots


def test_members_changed_one_after_the_other(changing: ChangingRoster) -> None:
    old = rotated_by_all(changing)
    file = changing.file(old.block)
    found = changing.verdict(file, old)
    assert (found.authentic, found.usable) == GOOD
    assert found.finality
    # More than two thirds are enough: the last one that changed need not be known.
    assert len(found.finality.signers) >= 3
    assert 1 <= len(file.hand_overs) <= len(COUNTRIES)
    assert changing.verdict(changing.file(), changing.roots()).authentic is Authentic.VALID


def test_without_hand_overs_the_gap_is_named(changing: ChangingRoster) -> None:
    old = rotated_by_all(changing)
    found = changing.verdict(changing.file(), old)
    assert (found.authentic, found.usable) == (Authentic.INDETERMINATE, Usable.UNKNOWN)
    [finding] = [one for one in found.findings if one.check == "anchoring"]
    assert finding.code == "anchoring.hand-over-missing"
    assert f"the trust roots are of the block {old.block}" in finding.facts["detail"]
    assert "cn.customs" in finding.facts["detail"]


def test_roots_that_still_have_a_quorum_need_no_hand_over(changing: ChangingRoster) -> None:
    old = changing.roots()
    changing.checkpoint()
    changing.rotate("CN")
    changing.checkpoint()
    file = changing.file(old.block)
    assert file.hand_overs == ()
    assert changing.verdict(file, old).authentic is Authentic.VALID


def test_a_gap_where_too_many_changed_at_once(changing: ChangingRoster) -> None:
    old = changing.roots()
    changing.checkpoint()
    for country in ("CN", "SG"):
        changing.rotate(country)
    changing.checkpoint()
    file = changing.file(old.block)
    assert file.hand_overs == ()
    found = changing.verdict(file, old)
    assert found.authentic is Authentic.INDETERMINATE
    assert "anchoring.hand-over-missing" in codes(found)


def test_keys_that_overlap_leave_no_gap_however_many_change(changing: ChangingRoster) -> None:
    """Old and new keys serve together; the old ones sign the checkpoint by which the new ones are known."""
    old, before = changing.roots(), dict(changing.keys)
    changing.checkpoint()
    for country in COUNTRIES:
        changing.rotate(country, overlapping=True)
    changing.checkpoint(keys=before)
    for country in COUNTRIES:
        changing.retire(country, before[country])
    changing.checkpoint()
    file = changing.file(old.block)
    assert len(file.hand_overs) == 1
    found = changing.verdict(file, old)
    assert (found.authentic, found.usable) == GOOD


def test_members_join_and_leave(changing: ChangingRoster) -> None:
    old = changing.roots()
    changing.replace_japan_by_thailand()
    found = changing.verdict(changing.file(old.block), old)
    assert (found.authentic, found.usable) == GOOD
    assert found.finality
    assert (found.finality.signers, found.finality.of) == (("CN", "KR", "SG"), 4)


def test_a_roster_that_has_lost_its_quorum_hands_over_nothing(changing: ChangingRoster) -> None:
    """Two of four sign on with their old keys; whatever the registry says, that is not more than two thirds."""
    old, before = changing.roots(), dict(changing.keys)
    changing.checkpoint()
    for country in ("CN", "SG"):
        changing.rotate(country)
    proof = changing.checkpoint("KR", "JP", keys=before)
    file = changing.maker.between(old.block, proof)
    assert file.hand_overs == ()
    forged = changing.maker._proved([proof])
    found = followed(old, forged)
    assert (found.roots, found.count) == (old, 0)
    assert found.refused
    assert found.refused.code == "finality.too-few"


def other_claims(one: Any, **claims: Any) -> Any:
    return {**one, "claims": one["claims"] | claims}


FORGERIES: dict[str, Callable[[HandOverFile, HandOverFile], HandOverFile]] = {
    "no nodes": lambda file, _: replace(file, nodes=()),
    "the nodes of another block": lambda file, other: replace(file, nodes=other.nodes),
    "a node too few": lambda file, _: replace(file, nodes=file.nodes[: len(file.nodes) // 2]),
    "too few signatures": lambda file, _: replace(
        file, hand_overs=tuple({**one, "cosignatures": one["cosignatures"][:2]} for one in file.hand_overs)
    ),
    "one signature four times": lambda file, _: replace(
        file, hand_overs=tuple({**one, "cosignatures": one["cosignatures"][:1] * 4} for one in file.hand_overs)
    ),
    "another state": lambda file, _: replace(
        file, hand_overs=tuple(other_claims(one, state_root="0x" + "ab" * 32) for one in file.hand_overs)
    ),
    "another chain": lambda file, _: replace(
        file, hand_overs=tuple(other_claims(one, chain_id=1) for one in file.hand_overs)
    ),
    "another time": lambda file, _: replace(
        file, hand_overs=tuple(other_claims(one, time=one["claims"]["time"] + 1) for one in file.hand_overs)
    ),
    "the signatures of another": lambda file, other: replace(
        file,
        hand_overs=tuple({**one, "cosignatures": other.hand_overs[-1]["cosignatures"]} for one in file.hand_overs),
    ),
    "headers instead": lambda file, _: replace(file, hand_overs=(b"header",)),
    "nothing at all": lambda file, _: replace(file, hand_overs=({},)),
}


@pytest.mark.parametrize("name", FORGERIES)
def test_forged_hand_overs(changing: ChangingRoster, name: str) -> None:
    old = changing.roots()
    other = changing.maker._proved([changing.checkpoint()])
    changing.rotate("CN")
    file = changing.maker._proved([changing.checkpoint()])
    assert followed(old, file).roots.block > old.block
    found = followed(old, FORGERIES[name](file, other))
    assert (found.roots, found.count) == (old, 0)
    assert found.refused


def test_an_older_roster_does_not_come_back(changing: ChangingRoster) -> None:
    """Keys that were stolen after they were retired sign nothing that newer roots believe."""
    stolen, link = dict(changing.keys), changing.checkpoint()
    file = changing.maker._proved([link])
    rotated_by_all(changing)
    newer = changing.roots()
    found = followed(newer, file)
    assert (found.roots, found.count) == (newer, 0)
    assert found.refused
    assert found.refused.code in ("finality.hand-over", "finality.too-few")
    late = changing.maker._proved([changing.checkpoint(keys=stolen)])
    assert followed(newer, late).count == 0


def test_strangers_with_a_registry_of_their_own(changing: ChangingRoster) -> None:
    old = changing.roots()
    strangers = {one: PrivateKey.generate(changing.keys[one].public_key.algorithm) for one in COUNTRIES}
    forged = changing.maker._proved([changing.checkpoint(keys=strangers)])
    found = followed(old, forged)
    assert (found.roots, found.count) == (old, 0)


def test_one_that_does_not_count_does_no_harm(changing: ChangingRoster) -> None:
    old = rotated_by_all(changing)
    file = changing.file(old.block)
    bad: tuple[Any, ...] = (b"", {"form": "checkpoint"}, {"form": "checkpoint", "claims": {}, "cosignatures": []})
    found = changing.verdict(replace(file, hand_overs=(*bad, *file.hand_overs, *bad)), old)
    assert (found.authentic, found.usable) == GOOD


def test_roots_brought_up_to_date(changing: ChangingRoster) -> None:
    old = rotated_by_all(changing)
    file = read_hand_overs(changing.maker.up_to_now(old.block).encode())
    found = followed(old, file)
    newest = changing.newest()
    assert newest
    assert (found.roots.block, found.roots.time, found.refused) == (newest.number, newest.time, None)
    assert found.roots.finality == changing.roots().finality
    assert changing.verdict(changing.file(), found.roots).authentic is Authentic.VALID
    # From an evidence file as well, as far as its own hand-overs lead.
    from_evidence = followed(old, read_hand_overs(changing.file(old.block).encode()))
    assert from_evidence.roots.block > old.block
    assert changing.verdict(changing.file(), from_evidence.roots).authentic is Authentic.VALID


def test_a_block_that_nobody_knows(changing: ChangingRoster) -> None:
    changing.checkpoint()
    with pytest.raises(Refused) as caught:
        changing.file(10**6)
    assert caught.value.code == "block.unknown"


@pytest.mark.parametrize("seed", range(3))
def test_whatever_members_do_the_rosters_that_are_followed_are_the_registrys(
    changing: ChangingRoster, seed: int
) -> None:
    """Never another roster than the registry's at that block."""
    roots = changing.wander(Random(seed))
    for one in roots:
        file = changing.file(one.block)
        links = [
            followed(one, replace(file.handing_over, hand_overs=file.hand_overs[:n]))
            for n in range(len(file.hand_overs) + 1)
        ]
        assert all(later.roots.block >= earlier.roots.block for earlier, later in pairwise(links))
        for link in links:
            if link.count:
                facts = roster_facts(changing.registry, link.roots.block)
                assert link.roots.finality == pinned_of(facts)
                assert isinstance(link.roots.finality, PinnedRoster)
        found = changing.verdict(file, one)
        assert found.authentic in (Authentic.VALID, Authentic.INDETERMINATE)
        if found.authentic is Authentic.INDETERMINATE:
            assert "anchoring.hand-over-missing" in codes(found)
