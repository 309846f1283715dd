import threading

import pytest

from ledger.account import Account
from ledger.authority import Authority, Domain, Founder, Role
from ledger.chain import Chain
from ledger.consortium import establish
from ledger.deployment import by_vote, deploy
from ledger.errors import Refused
from ledger.transaction import submit_all
from tests.consortium import PLAN, Consortium


def test_deployed_once(consortium: Consortium) -> None:
    chain, before = consortium.chain, consortium.chain.head().number
    again = deploy(chain, Account.generate(), [], 1, network=consortium.network)
    assert again == consortium.network
    assert chain.head().number == before


def test_two_deployments_on_one_chain_do_not_meet(consortium: Consortium) -> None:
    voter = Account.generate()
    founder = Founder("MY", "my.customs", Domain.CUSTOMS, voter.address)
    network = deploy(consortium.chain, Account.generate(), [founder], 1, name="second")
    network.check(consortium.chain)
    registry = network.registries(consortium.chain).authority
    assert registry.members() == ("MY",)
    assert registry.quorum() == 1
    assert registry.account(voter.address) == ("my.customs", Role.VOTE)
    assert consortium.registries.authority.members() == ("CN", "SG", "KR", "JP")
    addresses = {one.address for net in (network, consortium.network) for one in net.contracts.values()}
    assert len(addresses) == 10


@pytest.mark.parametrize("quorum", [0, 2])
def test_a_quorum_that_cannot_be(consortium: Consortium, quorum: int) -> None:
    founder = Founder("MY", "my.customs", Domain.CUSTOMS, Account.generate().address)
    with pytest.raises(Refused) as caught:
        deploy(consortium.chain, Account.generate(), [founder], quorum)
    assert caught.value.code == "contract.AuthorityRegistryQuorumInvalid"


def test_establishing_again_does_nothing(consortium: Consortium) -> None:
    before = consortium.chain.head().number
    assert establish(consortium.chain, PLAN, consortium.keys, network=consortium.network) == consortium.network
    assert consortium.chain.head().number == before


def test_a_vote(consortium: Consortium) -> None:
    chain, registry = consortium.chain, consortium.registries.authority
    calls = [registry.admit_member("VN"), registry.add_authority(Authority("vn.customs", "VN", Domain.CUSTOMS))]
    (number,) = by_vote(chain, registry, consortium.voters, calls)
    proposal = registry.proposal(number)
    assert proposal.executed
    assert proposal.calls == tuple(call.data for call in calls)
    assert len(proposal.approvals) == registry.quorum() == 3, "no more votes than are needed"
    assert "VN" in registry.members()
    assert registry.authority("vn.customs") == Authority("vn.customs", "VN", Domain.CUSTOMS)


def test_too_few_voters(consortium: Consortium) -> None:
    registry = consortium.registries.authority
    with pytest.raises(Refused) as caught:
        by_vote(consortium.chain, registry, consortium.voters[:2], [registry.admit_member("TH")])
    assert caught.value.code == "contract.AuthorityRegistryQuorumMissing"
    assert "TH" not in registry.members()


def test_the_same_voter_twice_counts_once(consortium: Consortium) -> None:
    registry, voters = consortium.registries.authority, consortium.voters
    with pytest.raises(Refused) as caught:
        by_vote(consortium.chain, registry, [voters[0], voters[0], voters[1]], [registry.admit_member("LA")])
    assert caught.value.code == "contract.AuthorityRegistryQuorumMissing"


def test_an_interrupted_vote_is_taken_up_again(consortium: Consortium) -> None:
    chain, registry, voters = consortium.chain, consortium.registries.authority, consortium.voters
    calls = [registry.admit_member("KH")]
    submit_all(chain, [(voters[2], registry.propose(calls))])
    count = registry.proposal_count()
    submit_all(chain, [(voters[1], registry.approve(count - 1))])
    assert by_vote(chain, registry, voters, calls) == (count - 1,)
    assert registry.proposal_count() == count
    assert set(registry.proposal(count - 1).approvals) == {"KR", "SG", "CN"}


def test_more_calls_than_one_proposal_holds(consortium: Consortium) -> None:
    registry = consortium.registries.authority
    calls = [registry.add_account("jp.customs", Role.ACT, Account.generate().address) for _ in range(45)]
    numbers = by_vote(consortium.chain, registry, consortium.voters, calls)
    assert len(numbers) == 3
    assert len(registry.accounts("jp.customs")) >= 45


def test_nobody_decides_alone(consortium: Consortium) -> None:
    registry, voter = consortium.registries.authority, consortium.voters[0]
    for call in (registry.admit_member("US"), registry.end_member("JP"), registry.end_authority("jp.customs")):
        with pytest.raises(Refused) as caught:
            consortium.submit(voter, call)
        assert caught.value.code == "contract.AuthorityRegistryNotByVote"


def test_nothing_to_vote_on(consortium: Consortium) -> None:
    before = consortium.chain.head().number
    assert by_vote(consortium.chain, consortium.registries.authority, consortium.voters, []) == ()
    assert consortium.chain.head().number == before


def test_an_interrupted_consortium_is_completed(consortium: Consortium) -> None:
    """Whatever was done before the interruption, going on ends in the same state."""
    from ledger.consortium import ConsortiumKeys, found

    plan, chain = PLAN[:2], consortium.chain
    keys = ConsortiumKeys.generate(plan)
    network = found(chain, plan, keys)
    timers: list[threading.Timer] = []
    for allowed in (1, 3, 6, 12, 25, 1000):
        limited = Chain(_interrupted(chain.transport, allowed))
        try:
            establish(limited, plan, keys, network=network)
        except InterruptedError:
            # What was sent still waits for a block when the next attempt begins.
            timers.append(threading.Timer(0.3, consortium.embedded.mine))
            timers[-1].start()
    for timer in timers:
        timer.join()
    registries = network.registries(chain)
    assert set(registries.issuer.issuers()) == {f"{c}.{i}" for c in ("cn", "sg") for i in ("aeo", "carrier", "origin")}
    before = chain.head().number
    establish(chain, plan, keys, network=network)
    assert chain.head().number == before


def _interrupted(transport: object, allowed: int) -> object:
    sent = 0

    def request(method: str, params: list[object]) -> object:
        nonlocal sent
        if method == "eth_sendRawTransaction":
            sent += 1
            if sent > allowed:
                raise InterruptedError
        return transport(method, params)  # type: ignore[operator]

    return request
