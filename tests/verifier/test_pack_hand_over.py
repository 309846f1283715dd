"""Packs and members that changed their keys: older roots follow where each link was signed by those before it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any

import pytest

from ledger.errors import Invalid, PortsealError
from ledger.private_key import PrivateKey
from ledger.rosters import roster_facts
from tests.consortium import Consortium
from tests.verifier.chain_case import Case
from tests.verifier.changing_roster import COUNTRIES
from tests.verifier.roster_packs import BY, HandOvers, RosterPacks, hand_overs
from verifier.hand_over_file import MOST_HAND_OVERS
from verifier.hand_over_reach import links_back
from verifier.pack.body import compress, expand, pack_body, read_body
from verifier.pack.file import PackFile, read_file
from verifier.pack.head import read_head
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack
from verifier.packed_finality import pack as pack_finality
from verifier.pinned_roster import pinned_of
from verifier.trust_roots import TrustRoots


@pytest.fixture
def changing(consortium_template: Consortium, tmp_path: Path) -> Iterator[RosterPacks]:
    with consortium_template.copy(tmp_path) as copy:
        yield RosterPacks(Case(copy))


@pytest.fixture(scope="module")
def rotated(
    consortium_template: Consortium, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[RosterPacks, list[TrustRoots], PackFile]]:
    """All four members have new keys; each roots of the way, and the pack of the end."""
    with consortium_template.copy(tmp_path_factory.mktemp("rotated")) as copy:
        packs = RosterPacks(Case(copy))
        roots = packs.rotated_by_all()
        yield packs, roots, packs.pack()


Rotated = tuple[RosterPacks, list[TrustRoots], PackFile]


def opened(file: PackFile, roots: TrustRoots, base: Pack | None = None) -> Pack:
    return open_pack(read_file(file.encode()), roots, BY, base)


def refused(file: PackFile, roots: TrustRoots) -> PortsealError:
    with pytest.raises(PortsealError) as caught:
        opened(file, roots)
    return caught.value


def test_roots_of_any_time_take_the_pack_of_today(rotated: Rotated) -> None:
    _, roots, file = rotated
    assert len(hand_overs(file)) == 3
    for one in roots:
        pack = opened(file, one)
        assert pack.roots.finality == roots[-1].finality
        assert (pack.roots.block, pack.roots.time) == (pack.block.number, pack.block.time)
        assert replace(pack.roots, finality=one.finality, block=one.block, time=one.time) == one
    # A hand-over is a checkpoint and nothing besides: who may sign then stands in the pack's own lists.
    assert all(one.keys() == {"form", "claims", "cosignatures"} for one in hand_overs(file))
    assert len(file.proof) < 30_000


def test_without_them_the_gap_is_named(rotated: Rotated) -> None:
    packs, roots, file = rotated
    bare = packs.handing_over(file, lambda _: [])
    error = refused(bare, roots[0])
    assert (error.code, error.pointer) == ("finality.hand-over", "/proof")
    assert f"the trust roots are of the block {roots[0].block}" in error.detail
    assert "portseal gate trust" in error.mend
    assert opened(bare, roots[-1]).block.block_hash == opened(file, roots[0]).block.block_hash


@pytest.mark.parametrize("place", range(3))
def test_each_of_them_is_needed(rotated: Rotated, place: int) -> None:
    packs, roots, file = rotated
    without = packs.handing_over(file, lambda held: held[:place] + held[place + 1 :])
    assert refused(without, roots[0]).code == "finality.hand-over"
    # Whoever knows what it tells does without it.
    assert opened(without, roots[place + 1]).roots.finality == roots[-1].finality


@pytest.mark.parametrize("order", [(2, 1, 0), (1, 0, 2), (0, 2, 1), (1, 2, 0), (2, 0, 1)])
def test_in_another_order_they_lead_nowhere(rotated: Rotated, order: tuple[int, ...]) -> None:
    packs, roots, file = rotated
    assert refused(packs.handing_over(file, lambda held: [held[n] for n in order]), roots[0]).code.startswith(
        "finality."
    )


def claiming(one: Any, **claims: Any) -> Any:
    return {**one, "claims": one["claims"] | claims}


def heads(one: Any, kind: str, **members: Any) -> Any:
    stated = one["claims"]["heads"]
    return claiming(one, heads=stated | {kind: stated[kind] | members})


FORGERIES: dict[str, Callable[[Any], Any]] = {
    "two signatures": lambda one: {**one, "cosignatures": one["cosignatures"][:2]},
    "one signature four times": lambda one: {**one, "cosignatures": one["cosignatures"][:1] * 4},
    "no signatures": lambda one: {**one, "cosignatures": []},
    "another state": lambda one: claiming(one, state_root="0x" + "ab" * 32),
    "another block": lambda one: claiming(one, block_hash="0x" + "ab" * 32),
    "a later block": lambda one: claiming(one, number=one["claims"]["number"] + 1),
    "another time": lambda one: claiming(one, time=one["claims"]["time"] + 1),
    "another chain": lambda one: claiming(one, chain_id=1),
    "another start": lambda one: claiming(one, genesis_hash="0x" + "ab" * 32),
    "fewer keys": lambda one: heads(one, "authority-registry.service-key", count=1),
    "other members": lambda one: heads(one, "authority-registry.member", head="0x" + "ab" * 32),
    "no heads": lambda one: claiming(one, heads={}),
    "no claims": lambda one: {**one, "claims": {}},
    "a header": lambda _: b"header",
    "nothing": lambda _: {},
}


@pytest.mark.parametrize("name", FORGERIES)
@pytest.mark.parametrize("place", [0, 2])
def test_forged_ones_hand_nothing_over(rotated: Rotated, name: str, place: int) -> None:
    """Even if the customs itself signs the pack: who may sign is not the customs' to say."""
    packs, roots, file = rotated

    def forge(held: HandOvers) -> HandOvers:
        return [FORGERIES[name](one) if n == place else one for n, one in enumerate(held)]

    error = refused(packs.handing_over(file, forge), roots[0])
    assert error.code == "finality.hand-over"
    assert "of its hand-overs one does not count" in error.detail
    # One that does not count does no other harm.
    beside = packs.handing_over(file, lambda held: [*forge(held)[place : place + 1], *held])
    assert opened(beside, roots[0]).roots.finality == roots[-1].finality


def test_more_than_there_is_room_for(rotated: Rotated) -> None:
    packs, roots, file = rotated
    most = packs.handing_over(file, lambda held: [{}] * (MOST_HAND_OVERS - len(held)) + held)
    assert opened(most, roots[0]).block
    for many in ([{}] * (MOST_HAND_OVERS + 1), [b"x" * 65_537], [7], {}):
        wrong = packs.handing_over(file, lambda _, many=many: many)  # type: ignore[misc]
        error = refused(wrong, roots[0])
        assert (error.code, error.pointer) in (("pack.form", "/proof/hand_overs"), ("pack.form", "/proof"))


def test_the_latest_are_kept_where_not_all_find_room(rotated: Rotated) -> None:
    packs, _, _ = rotated
    proof = packs.newest()
    assert proof
    facts = roster_facts(packs.registry, proof.number)
    every = links_back(facts, proof, packs.newest, MOST_HAND_OVERS)
    assert [one.number for one in every] == sorted(one.number for one in every)
    assert links_back(facts, proof, packs.newest, 2) == every[-2:]
    assert links_back(facts, proof, lambda until=None: None, MOST_HAND_OVERS) == []


def test_a_key_that_is_left_out_makes_less_believed_and_nothing_more(rotated: Rotated) -> None:
    packs, roots, file = rotated
    content = read_body(expand(file.body))
    own = {one.public_key.thumbprint for one in (packs.keys["CN"],)}
    body = pack_body(replace(content, keys=tuple(one for one in content.keys if one.thumbprint not in own)))
    claims = {"body": {"sha256": sha256(body).hexdigest(), "size": len(body)}}
    without = replace(packs.signed(file, **claims), body=compress(body))
    assert refused(without, roots[0]).code == "finality.hand-over"
    assert opened(without, roots[-1]).block


def test_keys_that_were_stolen_after_they_were_retired(changing: RosterPacks) -> None:
    stolen, old = dict(changing.keys), changing.roots()
    changing.rotated_by_all()
    file = changing.pack()
    newer = opened(file, old).roots
    late = changing.as_of(file, changing.checkpoint(keys=stolen))
    assert refused(late, newer).code in ("finality.too-few", "finality.hand-over")
    # Roots that nobody brought up to date cannot tell (docs/evidence.md): a reason to follow with every pack.
    assert opened(late, old).block


def test_strangers_hand_nothing_over(changing: RosterPacks) -> None:
    """Who has a chain, keys and a registry of his own is still nobody that the roots know."""
    old = changing.rotated_by_all()[0]
    file = changing.pack()
    strangers = {one: PrivateKey.generate(changing.keys[one].public_key.algorithm) for one in COUNTRIES}
    forged = pack_finality(changing.checkpoint(keys=strangers))
    for many in ([forged], [forged] * 3, [forged, *hand_overs(file)[1:]]):
        assert refused(changing.handing_over(file, lambda _, many=many: many), old).code == "finality.hand-over"  # type: ignore[misc]
    assert opened(changing.handing_over(file, lambda held: [forged, *held, forged]), old).block


def test_members_that_join_and_leave(changing: RosterPacks) -> None:
    old = changing.roots()
    changing.replace_japan_by_thailand()
    pack = opened(changing.pack(), old)
    assert (pack.block.signers, pack.block.of) == (("CN", "KR", "SG"), 4)
    assert pack.roots.finality == changing.roots().finality


def test_a_gap_is_a_gap(changing: RosterPacks) -> None:
    """Two of four change their keys between two checkpoints: nothing leads over that."""
    old = changing.roots()
    changing.checkpoint()
    for country in ("CN", "SG"):
        changing.rotate(country)
    changing.checkpoint()
    file = changing.pack()
    assert hand_overs(file) == []
    assert refused(file, old).code == "finality.hand-over"
    assert opened(file, changing.roots()).block


@pytest.mark.parametrize("seed", range(3))
def test_whatever_members_do_roots_become_the_registrys_or_stay(changing: RosterPacks, seed: int) -> None:
    roots = changing.wander(Random(seed))
    file = changing.pack()
    expected = pinned_of(roster_facts(changing.registry, read_head(file.head)[0].block.number))
    found = [rosters_after(file, one) for one in roots]
    assert found[-1] == expected
    assert all(one in (expected, "finality.hand-over", "finality.too-few") for one in found)
    # Whoever comes later is never worse off.
    taken = [one == expected for one in found]
    assert taken == sorted(taken)


def rosters_after(file: PackFile, roots: TrustRoots) -> Any:
    try:
        return opened(file, roots).roots.finality
    except Invalid as error:
        return error.code
