"""Operators by their customs' codes: status, tier and roles, suspension, and what others call them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts import artifact
from contracts.layout import Key, locate
from ledger.account import Account
from ledger.errors import Invalid
from ledger.identifier import to_bytes32
from ledger.operator import (
    Alias,
    AliasGrant,
    Grant,
    OperatorChange,
    OperatorState,
    OperatorStatus,
    alias_id,
    operator_id,
    roles_of,
    tier_of,
)
from ledger.operator_registry import NAME, OperatorRegistry
from ledger.revert import Reverted
from ledger.state_proof import verify_state
from ledger.trade_role import ANY_ROLE, TradeRole
from ledger.vote import by_vote
from tests.consortium import Consortium
from tests.ledger.code_of import code_of

CN, ALWAYS = "cn.customs", 2**63
CODE = "AEOCN1234567890"
OPERATOR = operator_id(CODE)
JAPANESE = "AEOJP12345678901234"
"""Japan's operators have 19 characters at China's customs."""


@pytest.fixture(scope="module")
def registry(consortium: Consortium) -> OperatorRegistry:
    return consortium.registries.operator


@pytest.fixture(scope="module")
def actor(consortium: Consortium) -> Account:
    return consortium.account(CN)


@pytest.fixture(scope="module")
def granted(consortium: Consortium, registry: OperatorRegistry, actor: Account) -> int:
    """The time of the block in which the operator was entered; it was one since 2020."""
    roles = TradeRole.EXPORTER | TradeRole.MANUFACTURER
    consortium.submit(actor, registry.grant([Grant(CODE, 3, roles, 1_577_836_800)]))
    return consortium.chain.head().timestamp


def test_status_tier_and_roles(registry: OperatorRegistry, granted: int) -> None:
    status = registry.status(CN, OPERATOR, granted, ALWAYS)
    assert status == OperatorStatus(OperatorState.AUTHORIZED, 3, TradeRole.EXPORTER | TradeRole.MANUFACTURER)
    (entry,) = registry.operator_entries(CN, OPERATOR)
    assert (tier_of(entry), roles_of(entry)) == (status.tier, status.roles)
    assert (registry.code(CN, OPERATOR), registry.operator_count(CN)) == (CODE, 1)
    assert registry.operators(CN, 0, 10) == (OPERATOR,)
    assert registry.operators(CN, 1, 10) == ()


def test_before_it_was_entered(registry: OperatorRegistry, granted: int) -> None:
    """One since 2020, as is known today; as known yesterday, nobody had heard of it here."""
    assert registry.status(CN, OPERATOR, 1_577_836_800, granted).state is OperatorState.AUTHORIZED
    assert registry.status(CN, OPERATOR, 1_577_836_799, granted).state is OperatorState.NONE
    assert registry.status(CN, OPERATOR, 1_577_836_800, granted - 1).state is OperatorState.NONE


def test_what_was_never_entered(registry: OperatorRegistry, granted: int) -> None:
    unknown = operator_id("AEOCN0000000000")
    nothing = OperatorStatus(OperatorState.NONE, 0, ANY_ROLE)
    assert registry.status(CN, unknown, granted, ALWAYS) == nothing
    assert registry.status("sg.customs", OPERATOR, granted, ALWAYS) == nothing, "another customs' operator"
    assert registry.code(CN, unknown) is None
    assert registry.operator_entries(CN, unknown) == registry.suspension_entries(CN, unknown) == ()
    assert registry.aliases(CN, unknown) == ()
    assert registry.alias(bytes(32)) is None


def test_a_suspension_counts_in_its_block(
    consortium: Consortium, registry: OperatorRegistry, actor: Account, granted: int
) -> None:
    consortium.clock.now = now = consortium.chain.head().timestamp + 500
    consortium.submit(actor, registry.suspend([OPERATOR], 6))
    assert consortium.chain.head().timestamp == now
    states = [registry.status(CN, OPERATOR, time, ALWAYS).state for time in (now - 1, now)]
    assert states == [OperatorState.AUTHORIZED, OperatorState.SUSPENDED]
    assert registry.status(CN, OPERATOR, now, now - 1).state is OperatorState.AUTHORIZED
    assert registry.suspension_entries(CN, OPERATOR)[-1].detail == 6
    assert code_of(consortium.submit, actor, registry.suspend([OPERATOR])) == "contract.OperatorRegistrySuspended"
    consortium.submit(actor, registry.reinstate([OPERATOR]))
    after = consortium.chain.head().timestamp
    assert registry.status(CN, OPERATOR, after, ALWAYS).state is OperatorState.AUTHORIZED
    assert registry.status(CN, OPERATOR, now, ALWAYS).state is OperatorState.SUSPENDED, "then it was"


def test_another_term(consortium: Consortium, registry: OperatorRegistry, actor: Account) -> None:
    """From a date on with another tier, until a date; and nothing is backdated any more."""
    code, now = "AEOCN2222222222", consortium.chain.head().timestamp + 100
    consortium.clock.now, operator = now, operator_id(code)
    consortium.submit(actor, registry.grant([Grant(code, 1), Grant(code, 2, TradeRole.CARRIER, now + 500, now + 900)]))
    found = [registry.status(CN, operator, now + offset, ALWAYS).tier for offset in (0, 499, 500, 899, 900)]
    assert found == [1, 1, 2, 2, 1], "the longer term still runs"
    call = registry.grant([Grant(code, 9, effective_from=now - 5)])
    assert code_of(consortium.submit, actor, call) == "contract.DatedListBackdated"
    consortium.submit(actor, registry.end([operator], now + 950))
    assert registry.status(CN, operator, now + 950, ALWAYS) == OperatorStatus(OperatorState.ENDED)


def test_only_customs_and_only_their_own(consortium: Consortium, registry: OperatorRegistry, granted: int) -> None:
    for stranger in ("cn.chamber", "sg.maritime"):
        call = registry.grant([Grant("X1")])
        code = code_of(consortium.submit, consortium.account(stranger), call)
        assert code == "contract.OperatorRegistryNotCustoms"
    for call in (registry.suspend([OPERATOR]), registry.end([OPERATOR])):
        code = code_of(consortium.submit, consortium.account("sg.customs"), call)
        assert code == "contract.OperatorRegistryOperatorUnknown"


def test_aliases_of_any_length(consortium: Consortium, registry: OperatorRegistry) -> None:
    """What China calls Japan's operator has 19 characters, what Japan calls it has other ones; each is its own fact."""
    actor, operator = consortium.account("jp.customs"), operator_id("P0123456789")
    names = {CN: JAPANESE, "asean": "J" * 64, "sg.customs": "7"}
    grants = [AliasGrant(Alias(operator, who, code)) for who, code in names.items()]
    consortium.submit(actor, registry.grant([Grant("P0123456789"), Grant("P9999999999")]))
    consortium.submit(actor, registry.add_aliases(grants))
    ids = registry.aliases("jp.customs", operator)
    assert ids == tuple(alias_id("jp.customs", who, code) for who, code in names.items())
    assert [registry.alias(one) for one in ids] == [grant.alias for grant in grants]
    for one, (who, code) in zip(ids, names.items(), strict=True):
        assert one == registry.contract.read("aliasId", to_bytes32("jp.customs"), to_bytes32(who), code)
    other = AliasGrant(Alias(operator_id("P9999999999"), CN, JAPANESE))
    assert code_of(consortium.submit, actor, registry.add_aliases([other])) == "contract.OperatorRegistryAliasTaken"
    end = consortium.chain.head().timestamp + 100
    consortium.submit(actor, registry.end_aliases([ids[0]], end))
    assert [entry.code for entry in registry.alias_entries(ids[0])] == [1, 0]
    assert registry.alias_entries(ids[0])[-1].effective_from == end
    found = code_of(consortium.submit, consortium.account(CN), registry.end_aliases([ids[1]]))
    assert found == "contract.OperatorRegistryAliasUnknown", "another customs' alias"


@pytest.mark.parametrize("code", ["", " ", " A", "A ", "A\tB", "A\n", "Ä", "A\x7f", "中", "x" * 65])
def test_what_is_no_code(registry: OperatorRegistry, code: str) -> None:
    """Refused here, and by the contract."""
    for call in (
        lambda: registry.grant([Grant(code)]),
        lambda: registry.add_aliases([AliasGrant(Alias(OPERATOR, CN, code))]),
        lambda: operator_id(code),
    ):
        with pytest.raises(Invalid) as caught:
            call()
        assert caught.value.code == "operator.code"


@given(code=st.text(st.characters(codec="ascii"), max_size=66) | st.text(max_size=66))
def test_the_contract_takes_the_same_codes(consortium: Consortium, code: str) -> None:
    """Asked of both for any text: a code of ours is a code there, and no other is."""
    contract, actor = consortium.registries.operator.contract, consortium.account(CN)
    call = contract.write("grant", [(code, 0, 0, 0, 0)])
    if code_of(operator_id, code) is None:
        consortium.chain.call(contract.address, call.data, sender=actor.address)
        return
    with pytest.raises(Reverted) as caught:
        consortium.chain.call(contract.address, call.data, sender=actor.address)
    assert call.explain(caught.value).code == "contract.OperatorRegistryCodeInvalid"


def test_each_fact_has_a_proof(
    consortium: Consortium, registry: OperatorRegistry, actor: Account, granted: int
) -> None:
    """Yes and no, by slots under the header's state root."""
    authority, unknown = to_bytes32(CN), operator_id("AEOCN9876543210")
    entry = registry.operator_entries(CN, OPERATOR)[0]
    filled = entry.recorded_at << 192 | entry.effective_from << 64 | entry.detail << 32 | entry.code
    code = CODE.encode().ljust(31, b"\0") + bytes([2 * len(CODE)])
    facts = {
        slot("_operators", authority, 0): OPERATOR,
        slot("_codes", authority, OPERATOR): code,
        slot("_operatorEntries", authority, OPERATOR): (1).to_bytes(32, "big"),
        slot("_operatorEntries", authority, OPERATOR, 0, "code"): filled.to_bytes(32, "big"),
        slot("_operatorEntries", authority, OPERATOR, 1, "code"): bytes(32),
        slot("_operatorEntries", authority, unknown): bytes(32),
        slot("_operatorEntries", to_bytes32("sg.customs"), OPERATOR): bytes(32),
        slot("_suspensionEntries", authority, unknown): bytes(32),
        slot("_aliases", authority, OPERATOR): bytes(32),
    }
    for kind in OperatorChange:
        head = registry.changes(kind)
        facts[slot("_changes", kind, "count")] = head.count.to_bytes(32, "big")
        facts[slot("_changes", kind, "head")] = head.head
    block = consortium.chain.head()
    proof = consortium.chain.proof(registry.contract.address, list(facts), block.number)
    assert verify_state(block.state_root, proof)
    assert {place: found.value for place, found in proof.slots.items()} == facts
    assert registry.slots(list(facts)) == tuple(facts.values())


def slot(label: str, *path: Key) -> int:
    return locate(artifact(NAME), label, *path).slot


def test_its_country_leaves(consortium: Consortium, registry: OperatorRegistry) -> None:
    """By vote, and last here."""
    actor, operator = consortium.account("kr.customs"), operator_id("KRAEO1")
    consortium.submit(actor, registry.grant([Grant("KRAEO1", 2)]))
    consortium.clock.now = consortium.chain.head().timestamp + 100
    authority = consortium.registries.authority
    by_vote(consortium.chain, authority, consortium.voters, [authority.end_member("KR")])
    left = authority.member_entries("KR")[-1].effective_from
    states = [registry.status("kr.customs", operator, time, ALWAYS).state for time in (left - 1, left)]
    assert states == [OperatorState.AUTHORIZED, OperatorState.LEFT]
    assert code_of(consortium.submit, actor, registry.suspend([operator])) == "contract.OperatorRegistryNotCustoms"
