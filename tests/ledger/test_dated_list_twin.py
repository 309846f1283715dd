"""Random histories on the contracts and on a plain model; dated_list.at must answer as the contracts do."""

from contextlib import suppress
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledger.account import Account
from ledger.authority import Authority, Domain, Role
from ledger.dated_list import Entry, at, code_at
from ledger.errors import Refused
from ledger.transaction import Call
from ledger.vote import by_vote
from tests.consortium import Consortium

NAMES = count()
STEPS = st.lists(
    st.tuples(st.integers(0, 300), st.sampled_from(["accredit", "end"]), st.integers(-50, 400), st.integers(-50, 400)),
    min_size=1,
    max_size=7,
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS, times=st.lists(st.tuples(st.integers(-100, 2500), st.integers(-100, 2500)), max_size=12))
def test_accreditations(
    consortium: Consortium, steps: list[tuple[int, str, int, int]], times: list[tuple[int, int]]
) -> None:
    """The contract records what a plain list would; only its own block's time is taken from the chain."""
    registry, actor, issuer = consortium.registries.issuer, consortium.account("cn.customs"), f"cn.i{next(NAMES)}"
    consortium.submit(actor, registry.add_issuer(issuer, "cn.customs"))
    start = consortium.chain.head().timestamp
    model: list[Entry] = []
    for wait, action, first, length in steps:
        consortium.clock.now = consortium.chain.head().timestamp + 1 + wait
        now = consortium.clock.now
        begin = 0 if first < 0 else now + first
        end = 0 if length < 0 else (begin or now) + length
        call = (
            registry.accredit(issuer, ["aeo-credential"], begin, end)
            if action == "accredit"
            else registry.end_accreditation(issuer, "aeo-credential", begin)
        )
        if not accepted(consortium, actor, call):
            continue
        assert consortium.chain.head().timestamp == now
        code, until = (1, end) if action == "accredit" else (0, 0)
        model.append(Entry(code, 0, begin or now, until, now))
    stored = registry.accreditation_entries(issuer, "aeo-credential")
    assert stored == tuple(model)
    for offset, known in times:
        time, known_at = start + offset, start + known
        assert at(stored, time, known_at) == plainly(model, time, known_at)
        assert code_at(stored, time) == code_at(stored, time, 2**63)


def accepted(consortium: Consortium, actor: Account, call: Call) -> bool:
    with suppress(Refused):
        consortium.submit(actor, call)
        return True
    return False


def plainly(model: list[Entry], time: int, known_at: int) -> Entry | None:
    known = [one for one in model if one.recorded_at <= known_at and one.effective_from <= time]
    covering = [one for one in known if not one.effective_until or time < one.effective_until]
    return covering[-1] if covering else None


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    terms=st.lists(st.tuples(st.integers(0, 200), st.integers(0, 300), st.booleans()), min_size=1, max_size=3),
    times=st.lists(st.tuples(st.integers(-50, 900), st.integers(-50, 900)), min_size=5, max_size=12),
)
def test_offices(consortium: Consortium, terms: list[tuple[int, int, bool]], times: list[tuple[int, int]]) -> None:
    """`inOffice` of the contract at any time, known at any time, equals dated_list.at over the entries."""
    registry, name, chain = consortium.registries.authority, f"sg.a{next(NAMES)}", consortium.chain
    start = chain.head().timestamp
    for wait, delay, ends in terms:
        consortium.clock.now = chain.head().timestamp + 1 + wait
        begin = consortium.clock.now + 50 + delay
        known = registry.authority(name) is not None
        call = (
            registry.end_authority(name, begin)
            if known and ends
            else registry.add_authority(Authority(name, "SG", Domain.CHAMBER), begin)
        )
        if known and not ends:
            continue
        with suppress(Refused):  # it may have ended earlier already
            by_vote(chain, registry, consortium.voters, [call])
    office, member = registry.authority_entries(name), registry.member_entries("SG")
    for offset, known_offset in times:
        time, known_at = start + offset, start + known_offset
        expected = code_at(office, time, known_at) == 1 and code_at(member, time, known_at) == 1
        assert registry.in_office(name, time, known_at) == expected


@pytest.mark.parametrize("role", [Role.ACT, Role.ANCHOR])
def test_accounts_by_block_time(consortium: Consortium, role: Role) -> None:
    """`mayAct` at a block equals dated_list.at for the block's time."""
    registry, chain, address = consortium.registries.authority, consortium.chain, Account.generate().address
    consortium.clock.now = chain.head().timestamp + 1
    begin, end = consortium.clock.now + 100, consortium.clock.now + 200
    by_vote(chain, registry, consortium.voters, [registry.add_account("cn.customs", role, address, begin, end)])
    entries = registry.account_entries(address)
    for time in (begin - 1, begin, begin + 50, end - 1, end, end + 1):
        consortium.clock.now = time
        consortium.embedded.mine()
        assert chain.head().timestamp == time
        assert registry.may_act(address, "cn.customs", role) == (code_at(entries, time) == role)
