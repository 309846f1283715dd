import dataclasses
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.authority import Authority, Domain, Purpose
from ledger.change_head import ChangeHead
from ledger.checkpoint import TYPE, Checkpoint, Cosignature, countries_signed, holds, kept
from ledger.checkpoint_reading import read_checkpoint
from ledger.errors import Invalid, Unavailable
from ledger.issuer_registry import IssuerChange
from ledger.jwk import Algorithm
from ledger.jws import sign_statement
from ledger.private_key import PrivateKey
from ledger.roster import Roster, Seat
from ledger.rosters import Rosters, roster_at
from ledger.vote import by_vote
from tests.consortium import Consortium

HASHES = st.binary(min_size=32, max_size=32)
NUMBERS = st.integers(0, 2**53 - 1)
CHECKPOINTS = st.builds(
    Checkpoint,
    chain_id=NUMBERS,
    genesis_hash=HASHES,
    number=NUMBERS,
    block_hash=HASHES,
    state_root=HASHES,
    time=NUMBERS,
    heads=st.dictionaries(st.sampled_from("abc"), st.builds(ChangeHead, NUMBERS, HASHES)),
)
SIGNERS = [PrivateKey.generate(Algorithm.ED25519) for _ in range(16)]


@given(CHECKPOINTS)
def test_claims_are_read_back(checkpoint: Checkpoint) -> None:
    claims = json.loads(json.dumps(checkpoint.claims()))
    assert Checkpoint.from_claims(claims) == checkpoint


WRONG: list[tuple[str, Any]] = [
    ("number", "1"),
    ("number", True),
    ("number", -1),
    ("number", 1.0),
    ("time", None),
    ("block_hash", "0x12"),
    ("block_hash", "0x" + "AB" * 32),
    ("state_root", b""),
    ("heads", []),
    ("heads", {"a": {"count": 1}}),
    ("heads", {"a": {"count": 1, "head": "0x" + "00" * 32, "more": 1}}),
    ("unknown", 1),
]


@pytest.mark.parametrize(("member", "value"), WRONG)
def test_claims_of_wrong_form(consortium: Consortium, member: str, value: Any) -> None:
    with pytest.raises(Invalid) as caught:
        Checkpoint.from_claims(consortium.checkpoint().claims() | {member: value})
    assert caught.value.code == "checkpoint.form"


@pytest.mark.parametrize("claims", [None, [], "x", {}])
def test_no_claims(claims: Any) -> None:
    with pytest.raises(Invalid):
        Checkpoint.from_claims(claims)


def test_a_checkpoint_says_what_the_block_says(consortium: Consortium) -> None:
    head = consortium.chain.head()
    checkpoint = consortium.checkpoint()
    assert checkpoint.block_hash == head.hash
    assert checkpoint.state_root == head.state_root
    assert checkpoint.time == head.timestamp
    assert len(checkpoint.heads) == 25
    assert checkpoint.heads["issuer-registry.key"].count == 12
    assert checkpoint.heads["document-registry.anchoring"] == ChangeHead(0, bytes(32))
    assert checkpoint.heads["recognition-registry.suspension"] == ChangeHead(0, bytes(32))
    assert checkpoint.heads["operator-registry.alias"] == ChangeHead(0, bytes(32))
    asked = {f"issuer-registry.{k.name.lower()}": consortium.registries.issuer.changes(k) for k in IssuerChange}
    assert asked == {name: head for name, head in checkpoint.heads.items() if name.startswith("issuer-registry.")}
    assert Checkpoint.from_claims(checkpoint.claims()) == checkpoint


def test_a_block_that_is_not_there(consortium: Consortium) -> None:
    with pytest.raises(Unavailable) as caught:
        read_checkpoint(consortium.chain, consortium.registries, consortium.chain.head().number + 1)
    assert caught.value.code == "chain.no-block"


def test_more_than_two_thirds_of_the_members(consortium: Consortium) -> None:
    checkpoint = consortium.checkpoint()
    roster = roster_at(consortium.registries.authority, checkpoint.time, checkpoint.number)
    cosignatures = consortium.cosigned(checkpoint)
    assert countries_signed(checkpoint, cosignatures, roster) == {"CN", "SG", "KR", "JP"}
    assert [holds(checkpoint, cosignatures[:n], roster) for n in range(5)] == [False, False, False, True, True]


def test_a_country_counts_once(consortium: Consortium) -> None:
    checkpoint = consortium.checkpoint()
    roster = roster_at(consortium.registries.authority, checkpoint.time, checkpoint.number)
    cosignatures = [
        cosignature
        for domain in ("customs", "maritime", "chamber")
        for cosignature in consortium.cosigned(checkpoint, "CN", "SG", domain=domain)
    ]
    assert len(cosignatures) == 6
    assert countries_signed(checkpoint, cosignatures * 2, roster) == {"CN", "SG"}
    assert not holds(checkpoint, cosignatures * 2, roster)


@given(st.integers(0, 15), st.data())
def test_the_threshold_for_every_size(members: int, data: st.DataObject) -> None:
    signing = data.draw(st.integers(0, members))
    names = [chr(65 + n) * 2 for n in range(members)]
    seats = {name: Seat(name, (SIGNERS[n].public_key,)) for n, name in enumerate(names)}
    roster = Roster(frozenset(names), seats)
    checkpoint = Checkpoint(1, bytes(32), 1, bytes(32), bytes(32), 1, {})
    cosignatures = [
        Cosignature(name, SIGNERS[n].public_key.kid, sign_statement(checkpoint.claims(), SIGNERS[n], TYPE))
        for n, name in enumerate(names[:signing])
    ]
    assert holds(checkpoint, cosignatures, roster) == (signing > members * 2 / 3)


def forged(checkpoint: Checkpoint, key: PrivateKey, **changes: Any) -> str:
    return sign_statement(dataclasses.replace(checkpoint, **changes).claims(), key, TYPE)


def test_every_claim_must_be_the_same(consortium: Consortium) -> None:
    checkpoint = consortium.checkpoint()
    roster = roster_at(consortium.registries.authority, checkpoint.time, checkpoint.number)
    key = consortium.service_key("cn.customs", Purpose.CHECKPOINTS)
    heads = {**checkpoint.heads, "issuer-registry.key": ChangeHead(13, bytes(32))}
    for changes in (
        {"chain_id": 1},
        {"genesis_hash": bytes(32)},
        {"number": checkpoint.number + 1},
        {"block_hash": bytes(32)},
        {"state_root": bytes(32)},
        {"time": checkpoint.time + 1},
        {"heads": heads},
        {"heads": {}},
    ):
        cosignature = Cosignature("cn.customs", key.public_key.kid, forged(checkpoint, key, **changes))
        assert countries_signed(checkpoint, [cosignature], roster) == set(), changes
    right = Cosignature("cn.customs", key.public_key.kid, forged(checkpoint, key))
    assert countries_signed(checkpoint, [right], roster) == {"CN"}


def _altered(signature: str) -> str:
    """Return it with another first character, whatever that is now."""
    return ("B" if signature[0] == "A" else "A") + signature[1:]


def test_wrong_cosignatures_do_not_count(consortium: Consortium) -> None:
    checkpoint = consortium.checkpoint()
    roster = roster_at(consortium.registries.authority, checkpoint.time, checkpoint.number)
    key, answers = (consortium.service_key("cn.customs", p) for p in (Purpose.CHECKPOINTS, Purpose.ANSWERS))
    stranger, kid, claims = PrivateKey.generate(Algorithm.ED25519), key.public_key.kid, checkpoint.claims()
    right = sign_statement(claims, key, TYPE)
    header, payload, signature = right.split(".")
    for wrong in (
        Cosignature("cn.customs", kid, sign_statement(claims, stranger, TYPE)),
        Cosignature("cn.customs", stranger.public_key.kid, sign_statement(claims, stranger, TYPE)),
        Cosignature("cn.customs", answers.public_key.kid, sign_statement(claims, answers, TYPE)),
        Cosignature("cn.customs", kid, sign_statement(claims, key, "portseal-answer+jwt")),
        Cosignature("sg.customs", kid, right),
        Cosignature("xx.customs", kid, right),
        Cosignature("cn.customs", "", right),
        Cosignature("cn.customs", kid, ""),
        Cosignature("cn.customs", kid, f"{header}.{payload}."),
        Cosignature("cn.customs", kid, f"{header}.{payload}.{_altered(signature)}"),
        Cosignature("cn.customs", kid, right + "="),
    ):
        assert countries_signed(checkpoint, [wrong], roster) == set(), wrong
    assert countries_signed(checkpoint, [Cosignature("cn.customs", kid, right)], roster) == {"CN"}


def test_what_was_found_of_signatures_is_kept_of_short_ones_only() -> None:
    """A claim of millions of heads must not stay in memory. What is kept is kept by every byte."""
    signer = SIGNERS[0]
    roster = Roster(frozenset({"CN"}), {"cn.customs": Seat("CN", (signer.public_key,))})
    heads = {f"issuer-registry.{n}": ChangeHead(n, bytes(32)) for n in range(200)}
    kept.cache_clear()
    for number, some in ((1, heads), (2, {}), (2, {}), (3, heads), (4, {})):
        stated = Checkpoint(1, bytes(32), number, bytes(32), bytes(32), 1, some)
        jws = sign_statement(stated.claims(), signer, TYPE)
        header, payload, signature = jws.split(".")
        wrong = f"{header}.{payload}.{_altered(signature)}"
        for text, countries in ((jws, {"CN"}), (wrong, set()), (jws, {"CN"})):
            cosignature = Cosignature("cn.customs", signer.public_key.kid, text)
            assert countries_signed(stated, [cosignature], roster) == countries
            other = dataclasses.replace(stated, time=2)
            assert countries_signed(other, [cosignature], roster) == set()
    assert kept.cache_info().currsize == 2 * 4


def test_the_roster_is_that_of_the_time(consortium: Consortium) -> None:
    """A key counts from its block on, until it is ended; a country that left does not count any more."""
    registry, clock, actor = consortium.registries.authority, consortium.clock, consortium.account("jp.maritime")
    key = PrivateKey.generate(Algorithm.ES256)
    before = consortium.chain.head()
    clock.now = before.timestamp + 10
    consortium.submit(actor, registry.add_service_key("jp.maritime", Purpose.CHECKPOINTS, key.public_key))
    entered = consortium.chain.head()
    clock.now += 10
    consortium.submit(actor, registry.end_service_key(key.public_key.thumbprint))
    ended = consortium.chain.head()
    rosters = Rosters(registry)

    def keys(time: int, block: int) -> bool:
        return key.public_key in rosters.at(time, block).seats["jp.maritime"].keys

    assert not keys(before.timestamp, before.number)
    assert not keys(before.timestamp, ended.number)
    assert keys(entered.timestamp, entered.number)
    assert keys(entered.timestamp, ended.number)
    assert keys(ended.timestamp, entered.number), "as it was known then"
    assert not keys(ended.timestamp, ended.number)
    now = (ended.timestamp, ended.number)
    assert rosters.at(*now) == roster_at(registry, *now)


def test_members_join_and_leave(consortium: Consortium) -> None:
    registry, chain = consortium.registries.authority, consortium.chain
    calls = [registry.admit_member("VN"), registry.add_authority(Authority("vn.customs", "VN", Domain.CUSTOMS))]
    by_vote(chain, registry, consortium.voters, calls)
    five = chain.head()
    by_vote(chain, registry, consortium.voters, [registry.end_member("VN")])
    four = chain.head()
    rosters = Rosters(registry)
    assert rosters.at(five.timestamp, five.number).countries == {"CN", "SG", "KR", "JP", "VN"}
    assert "vn.customs" in rosters.at(five.timestamp, five.number).seats
    assert rosters.at(four.timestamp, four.number).countries == {"CN", "SG", "KR", "JP"}
    assert "vn.customs" not in rosters.at(four.timestamp, four.number).seats
    checkpoint = consortium.checkpoint(five.number)
    three = consortium.cosigned(checkpoint, "CN", "SG", "KR")
    assert not holds(checkpoint, three, rosters.at(five.timestamp, five.number)), "three of five are too few"


def test_one_unusable_key_does_not_stop_the_others(consortium: Consortium) -> None:
    registry = consortium.registries.authority
    arguments = (
        b"kr.maritime".ljust(32, b"\0"),
        int(Purpose.CHECKPOINTS),
        b"\x66" * 32,
        2,
        b"\x09" * 32,
        bytes(32),
        0,
        0,
    )
    consortium.submit(consortium.account("kr.maritime"), registry.contract.write("addServiceKey", *arguments))
    checkpoint = consortium.checkpoint()
    roster = roster_at(registry, checkpoint.time, checkpoint.number)
    assert len(roster.seats["kr.maritime"].keys) == 1
    assert holds(checkpoint, consortium.cosigned(checkpoint), roster)
