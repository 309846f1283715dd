import pytest

from ledger.account import Account
from ledger.dated_list import code_at
from ledger.errors import Refused
from ledger.issuer_registry import IssuerChange, IssuerState, KeyState
from ledger.jwk import Algorithm, PublicKey
from ledger.private_key import PrivateKey
from tests.consortium import PLAN, Consortium

BILL = "bill-of-lading"


@pytest.fixture(scope="module")
def key(consortium: Consortium) -> PublicKey:
    """A key of cn.carrier's that the tests here may spoil."""
    key = PrivateKey.generate(Algorithm.ES256).public_key
    call = consortium.registries.issuer.add_key("cn.carrier", key)
    consortium.submit(consortium.account("cn.maritime"), call)
    return key


def test_the_plan_stands_on_chain(consortium: Consortium) -> None:
    registry = consortium.registries.issuer
    issuers = [
        (authority.id, issuer) for member in PLAN for authority in member.authorities for issuer in authority.issuers
    ]
    assert registry.issuers() == tuple(issuer.id for _, issuer in issuers)
    for accreditor, issuer in issuers:
        assert registry.accreditor(issuer.id) == accreditor
        assert registry.kinds(issuer.id) == issuer.kinds
        assert registry.issuer_entries(issuer.id)[-1].code == IssuerState.ACTIVE
        account = consortium.keys.issuer_accounts[issuer.id].address
        assert registry.accounts(issuer.id) == (account,)
        assert registry.account_issuer(account) == issuer.id
        assert registry.account_entries(account)[-1].code == 1
        public = consortium.issuer_key(issuer.id).public_key
        assert public.thumbprint in registry.keys(issuer.id)
        found = registry.key(public.thumbprint)
        assert found is not None
        assert (found.issuer, found.public_key) == (issuer.id, public)
        now = consortium.chain.head().timestamp
        assert code_at(registry.accreditation_entries(issuer.id, issuer.kinds[0]), now) == 1


def test_what_was_never_entered(consortium: Consortium) -> None:
    registry = consortium.registries.issuer
    assert registry.accreditor("cn.nobody") is None
    assert registry.issuer_entries("cn.nobody") == ()
    assert registry.kinds("cn.nobody") == ()
    assert registry.accreditation_entries("cn.carrier", "aeo-credential") == ()
    assert registry.keys("cn.nobody") == ()
    assert registry.key(b"\x01" * 32) is None
    assert registry.key_entries(b"\x01" * 32) == ()
    assert registry.compromise_entries(b"\x01" * 32) == ()
    assert registry.account_issuer(Account.generate().address) is None


def test_the_life_of_a_key(consortium: Consortium, key: PublicKey) -> None:
    registry, clock = consortium.registries.issuer, consortium.clock
    own, accreditor = consortium.keys.issuer_accounts["cn.carrier"], consortium.account("cn.maritime")
    assert registry.key_entries(key.thumbprint)[-1].code == KeyState.ACTIVE
    consortium.submit(own, registry.suspend_key(key.thumbprint, 7))
    suspended = registry.key_entries(key.thumbprint)[-1]
    assert (suspended.code, suspended.detail) == (KeyState.SUSPENDED, 7)
    with pytest.raises(Refused) as caught:
        consortium.submit(own, registry.reinstate_key(key.thumbprint))
    assert caught.value.code == "contract.IssuerRegistryNotAccreditor"
    consortium.submit(accreditor, registry.reinstate_key(key.thumbprint))
    clock.now = consortium.chain.head().timestamp + 100
    consortium.submit(accreditor, registry.mark_compromised(key.thumbprint, clock.now - 50))
    consortium.submit(accreditor, registry.mark_compromised(key.thumbprint, clock.now - 80))
    assert [one.effective_from for one in registry.compromise_entries(key.thumbprint)] == [
        clock.now - 50,
        clock.now - 80,
    ]
    with pytest.raises(Refused) as caught:
        consortium.submit(accreditor, registry.mark_compromised(key.thumbprint, clock.now - 60))
    assert caught.value.code == "contract.IssuerRegistrySinceNotEarlier"
    assert str(clock.now - 80) in caught.value.detail
    consortium.submit(accreditor, registry.retire_key(key.thumbprint))
    assert code_at(registry.key_entries(key.thumbprint), clock.now + 99) == KeyState.RETIRED


def test_a_key_is_registered_once(consortium: Consortium, key: PublicKey) -> None:
    call = consortium.registries.issuer.add_key("sg.carrier", key)
    with pytest.raises(Refused) as caught:
        consortium.submit(consortium.account("sg.maritime"), call)
    assert caught.value.code == "contract.IssuerRegistryKeyTaken"
    assert key.thumbprint.hex() in caught.value.detail


def test_suspension_and_reinstatement_of_an_issuer(consortium: Consortium) -> None:
    registry, actor = consortium.registries.issuer, consortium.account("jp.chamber")
    consortium.submit(actor, registry.suspend_issuer("jp.origin", 3))
    assert [one.code for one in registry.issuer_entries("jp.origin")] == [IssuerState.ACTIVE, IssuerState.SUSPENDED]
    consortium.submit(actor, registry.reinstate_issuer("jp.origin"))
    assert registry.issuer_entries("jp.origin")[-1].code == IssuerState.ACTIVE


def test_accreditation_ends_on_a_date(consortium: Consortium) -> None:
    registry, actor = consortium.registries.issuer, consortium.account("kr.maritime")
    end = consortium.chain.head().timestamp + 5000
    consortium.submit(actor, registry.end_accreditation("kr.carrier", BILL, end))
    entries = registry.accreditation_entries("kr.carrier", BILL)
    assert [code_at(entries, time) for time in (end - 1, end)] == [1, 0]


def test_only_the_accreditor(consortium: Consortium) -> None:
    registry, key = consortium.registries.issuer, PrivateKey.generate(Algorithm.ES256).public_key
    for call in (
        registry.add_key("cn.carrier", key),
        registry.accredit("cn.carrier", ["aeo-credential"]),
        registry.add_account("cn.carrier", Account.generate().address),
        registry.suspend_issuer("cn.carrier"),
        registry.end_account(consortium.keys.issuer_accounts["cn.carrier"].address),
    ):
        for stranger in (consortium.account("cn.customs"), consortium.account("sg.maritime")):
            with pytest.raises(Refused) as caught:
                consortium.submit(stranger, call)
            assert caught.value.code == "contract.IssuerRegistryNotAccreditor"


def test_who_may_act(consortium: Consortium) -> None:
    registry = consortium.registries.issuer
    own, accreditor = consortium.keys.issuer_accounts["sg.aeo"], consortium.account("sg.customs")
    assert registry.may_act_for(own.address, "sg.aeo")
    assert registry.may_act_for(accreditor.address, "sg.aeo")
    assert not registry.may_act_for(own.address, "sg.carrier")
    assert not registry.may_act_for(consortium.account("cn.customs").address, "sg.aeo")


def test_a_key_under_another_thumbprint_is_not_believed(consortium: Consortium) -> None:
    registry, key = consortium.registries.issuer, PrivateKey.generate(Algorithm.ES256).public_key
    call = registry.contract.write("addKey", b"cn.origin".ljust(32, b"\0"), b"\x55" * 32, 1, key.x, key.y, 0, 0)
    consortium.submit(consortium.account("cn.chamber"), call)
    with pytest.raises(Refused) as caught:
        registry.key(b"\x55" * 32)
    assert caught.value.code == "registry.key"


@pytest.mark.parametrize("kind", set(IssuerChange) - {IssuerChange.BODY, IssuerChange.SCOPE, IssuerChange.HOLD})
def test_every_change_is_counted(consortium: Consortium, kind: IssuerChange) -> None:
    assert consortium.registries.issuer.changes(kind).count >= 12
