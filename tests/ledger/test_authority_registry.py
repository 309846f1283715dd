import pytest

from ledger.account import Account
from ledger.authority import Authority, AuthorityChange, Domain, Purpose, Role
from ledger.dated_list import code_at
from ledger.errors import Invalid, Refused
from ledger.jwk import Algorithm, PublicKey
from ledger.private_key import PrivateKey
from ledger.vote import by_vote
from tests.consortium import PLAN, START, Consortium


def test_the_plan_stands_on_chain(consortium: Consortium) -> None:
    registry = consortium.registries.authority
    assert registry.members() == tuple(member.country for member in PLAN)
    assert registry.quorum() == 3
    for member in PLAN:
        for plan in member.authorities:
            assert registry.authority(plan.id) == Authority(plan.id, member.country, plan.domain)
            for role in Role:
                account = consortium.keys.accounts.get((plan.id, role))
                if account:
                    assert account.address in registry.accounts(plan.id)
            for purpose in Purpose:
                key = consortium.service_key(plan.id, purpose).public_key
                assert registry.service_keys(plan.id, purpose) == (key.thumbprint,)
                found = registry.service_key(key.thumbprint)
                assert found is not None
                assert (found.authority, found.purpose, found.public_key) == (plan.id, purpose, key)


def test_what_was_never_entered(consortium: Consortium) -> None:
    registry = consortium.registries.authority
    assert registry.authority("xx.customs") is None
    assert registry.authority_entries("xx.customs") == ()
    assert registry.member_entries("XX") == ()
    assert registry.account(Account.generate().address) is None
    assert registry.service_key(b"\x01" * 32) is None
    assert registry.service_keys("xx.customs", Purpose.ANSWERS) == ()
    assert not registry.in_office("xx.customs", START, START)
    with pytest.raises(Refused) as caught:
        registry.proposal(10_000)
    assert caught.value.code == "contract.AuthorityRegistryProposalUnknown"


@pytest.mark.parametrize("identifier", ["", "CN.customs", "cn customs", "a" * 33, "cn.zöll", "cn.\0"])
def test_an_id_of_wrong_form(consortium: Consortium, identifier: str) -> None:
    with pytest.raises(Invalid) as caught:
        consortium.registries.authority.authority(identifier)
    assert caught.value.code == "identifier.form"


@pytest.mark.parametrize("country", ["", "cn", "CHN", "C1", "中国"])
def test_a_country_of_wrong_form(consortium: Consortium, country: str) -> None:
    with pytest.raises(Invalid) as caught:
        consortium.registries.authority.member_entries(country)
    assert caught.value.code == "country.form"


def test_keys_of_every_algorithm(consortium: Consortium) -> None:
    registry, actor = consortium.registries.authority, consortium.account("kr.customs")
    for purpose, algorithm in (
        (Purpose.ANSWERS, Algorithm.ES256),
        (Purpose.CHECKPOINTS, Algorithm.ED25519),
        (Purpose.ENCRYPTION, Algorithm.X25519),
        (Purpose.ENCRYPTION, Algorithm.ECDH_P256),
    ):
        key = PrivateKey.generate(algorithm).public_key
        consortium.submit(actor, registry.add_service_key("kr.customs", purpose, key))
        found = registry.service_key(key.thumbprint)
        assert found is not None
        assert found.public_key == key


def test_a_key_under_another_thumbprint_is_not_believed(consortium: Consortium) -> None:
    """The contract cannot hash a JWK, so an authority could register a key under the thumbprint of another."""
    registry, actor = consortium.registries.authority, consortium.account("kr.chamber")
    key = PrivateKey.generate(Algorithm.ED25519).public_key
    arguments = (b"kr.chamber".ljust(32, b"\0"), int(Purpose.ANSWERS), b"\x77" * 32, 2, key.x, bytes(32), 0, 0)
    consortium.submit(actor, registry.contract.write("addServiceKey", *arguments))
    with pytest.raises(Refused) as caught:
        registry.service_key(b"\x77" * 32)
    assert caught.value.code == "registry.key"


def test_the_life_of_an_account_and_a_key(consortium: Consortium) -> None:
    registry, clock = consortium.registries.authority, consortium.clock
    account, key = Account.generate(), PrivateKey.generate(Algorithm.ED25519).public_key
    by_vote(
        consortium.chain, registry, consortium.voters, [registry.add_account("jp.chamber", Role.ACT, account.address)]
    )
    consortium.submit(account, registry.add_service_key("jp.chamber", Purpose.ANSWERS, key))
    start = registry.service_key_entries(key.thumbprint)[0].effective_from
    clock.now = consortium.chain.head().timestamp + 1000
    before = consortium.chain.head().number
    consortium.submit(account, registry.end_service_key(key.thumbprint))
    by_vote(consortium.chain, registry, consortium.voters, [registry.end_account(account.address)])
    keys, accounts = registry.service_key_entries(key.thumbprint), registry.account_entries(account.address)
    assert [code_at(keys, time) for time in (start - 1, start, clock.now - 1, clock.now + 9)] == [0, 1, 1, 0]
    assert code_at(accounts, clock.now + 99) == 0
    assert code_at(accounts, start) == Role.ACT
    assert code_at(registry.service_key_entries(key.thumbprint, before), clock.now + 9) == 1, "as it was known then"
    assert not registry.may_act(account.address, "jp.chamber", Role.ACT)
    with pytest.raises(Refused) as caught:
        consortium.submit(account, registry.end_service_key(key.thumbprint))
    assert caught.value.code == "contract.AuthorityRegistryNotActing"


def test_an_authority_leaves(consortium: Consortium) -> None:
    registry, clock = consortium.registries.authority, consortium.clock
    calls = [registry.add_authority(Authority("sg.second", "SG", Domain.CHAMBER))]
    by_vote(consortium.chain, registry, consortium.voters, calls)
    entered = registry.authority_entries("sg.second")[0].effective_from
    clock.now = consortium.chain.head().timestamp + 500
    by_vote(consortium.chain, registry, consortium.voters, [registry.end_authority("sg.second")])
    left = registry.authority_entries("sg.second")[-1].effective_from
    now = consortium.chain.head().timestamp
    assert entered < left <= now
    assert registry.in_office("sg.second", left - 1, now)
    assert not registry.in_office("sg.second", left, now)
    assert registry.in_office("sg.second", left, left - 1), "as known before it left"
    assert "sg.second" in registry.authorities(), "never deleted"


@pytest.mark.parametrize("kind", AuthorityChange)
def test_every_change_is_counted(consortium: Consortium, kind: AuthorityChange) -> None:
    registry = consortium.registries.authority
    first, now = registry.changes(kind, consortium.network.deployed_at), registry.changes(kind)
    assert now.count >= first.count
    assert (now.head == first.head) == (now.count == first.count)


def test_a_public_key_that_is_no_point_is_still_read(consortium: Consortium) -> None:
    registry, actor = consortium.registries.authority, consortium.account("sg.customs")
    key = PublicKey(Algorithm.ED25519, b"\x02" + bytes(31))
    consortium.submit(actor, registry.add_service_key("sg.customs", Purpose.ANSWERS, key))
    found = registry.service_key(key.thumbprint)
    assert found is not None
    assert found.public_key == key
