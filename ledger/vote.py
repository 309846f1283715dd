"""Governance: calls proposed to the AuthorityRegistry, approved by a quorum of countries, and executed."""

from collections.abc import Iterator, Sequence

from ledger.account import Account
from ledger.authority_registry import AuthorityRegistry
from ledger.chain import Chain
from ledger.transaction import Call, await_sent, submit_all

_CALLS_PER_PROPOSAL = 20
"""So many fit into one transaction of `transaction.GAS`."""

_TIME_TO_VOTE = 3600
"""A proposal that expires within so many seconds is made anew."""

_LOOKED_AT = 20
"""So many of the newest proposals are searched for those of an interrupted run."""


def by_vote(
    chain: Chain, registry: AuthorityRegistry, voters: Sequence[Account], calls: Sequence[Call]
) -> tuple[int, ...]:
    """Have the calls made by vote and return the numbers of the executed proposals.

    A proposal of the same calls that is open already, from a run that was interrupted, is taken up again. Raises
    Refused `contract.*` (AuthorityRegistryQuorumMissing if the voters are too few), Unavailable `chain.*`.
    """
    if not calls:
        return ()
    await_sent(chain, voters)
    numbers = _propose(chain, registry, voters[0], list(_groups(calls)))
    countries = [(voter, _country(registry, voter)) for voter in voters]
    quorum = registry.quorum()
    submit_all(chain, [vote for number in numbers for vote in _approvals(registry, countries, quorum, number)])
    submit_all(chain, [(voters[0], registry.execute(number)) for number in numbers])
    return tuple(numbers)


def _groups(calls: Sequence[Call]) -> Iterator[Sequence[Call]]:
    for start in range(0, len(calls), _CALLS_PER_PROPOSAL):
        yield calls[start : start + _CALLS_PER_PROPOSAL]


def _propose(
    chain: Chain, registry: AuthorityRegistry, proposer: Account, groups: Sequence[Sequence[Call]]
) -> list[int]:
    open_ones = _open_proposals(registry, chain.head().timestamp)
    new = [group for group in groups if _data(group) not in open_ones]
    receipts = submit_all(chain, [(proposer, registry.propose(group)) for group in new])
    made = {_data(group): registry.proposed(receipt) for group, receipt in zip(new, receipts, strict=True)}
    return [(open_ones | made)[_data(group)] for group in groups]


def _open_proposals(registry: AuthorityRegistry, time: int) -> dict[tuple[bytes, ...], int]:
    count = registry.proposal_count()
    proposals = {number: registry.proposal(number) for number in range(max(0, count - _LOOKED_AT), count)}
    open_ones = {proposal.calls: number for number, proposal in proposals.items() if not proposal.executed}
    return {calls: number for calls, number in open_ones.items() if time + _TIME_TO_VOTE < registry.expires_at(number)}


def _data(group: Sequence[Call]) -> tuple[bytes, ...]:
    return tuple(call.data for call in group)


def _approvals(
    registry: AuthorityRegistry, voters: Sequence[tuple[Account, str | None]], quorum: int, number: int
) -> Iterator[tuple[Account, Call]]:
    """Yield as many approvals as are missing, of voters whose country has not approved."""
    approved = set(registry.proposal(number).approvals)
    for voter, country in voters:
        if len(approved) < quorum and country and country not in approved:
            approved.add(country)
            yield voter, registry.approve(number)


def _country(registry: AuthorityRegistry, voter: Account) -> str | None:
    place = registry.account(voter.address)
    authority = registry.authority(place[0]) if place else None
    return authority.country if authority else None
