"""Bodies between an authority and its issuers, scopes, and who holds a suspension."""

import pytest

from ledger.account import Account
from ledger.dated_list import code_at
from ledger.document_registry import Status, StatusChange
from ledger.errors import Refused
from ledger.issuer_registry import IssuerChange, IssuerRegistry, IssuerState, Limit, Power
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.consortium import Consortium
from tests.ledger.code_of import code_of

KIND, RCEP = "certificate-of-origin", "agreement.rcep"
BODY, LOCAL = "cn.origin", "cn.local"
ALWAYS = 2**63


@pytest.fixture(scope="module")
def registry(consortium: Consortium) -> IssuerRegistry:
    return consortium.registries.issuer


@pytest.fixture(scope="module")
def chamber(consortium: Consortium) -> Account:
    return consortium.account("cn.chamber")


@pytest.fixture(scope="module")
def body(consortium: Consortium, registry: IssuerRegistry, chamber: Account) -> Account:
    """The account of cn.origin, which may accredit cn.local for certificates under RCEP."""
    own = consortium.keys.issuer_accounts[BODY]
    consortium.submit(chamber, registry.authorize_body(BODY))
    consortium.submit(own, registry.add_issuer(LOCAL, BODY))
    consortium.submit(own, registry.accredit(LOCAL, [KIND], limits=Limit.AGREEMENT))
    consortium.submit(own, registry.add_scope(LOCAL, KIND, [RCEP]))
    return own


def now(consortium: Consortium) -> int:
    return consortium.chain.head().timestamp


@pytest.mark.usefixtures("body")
def test_who_stands_above_whom(registry: IssuerRegistry, chamber: Account, body: Account) -> None:
    assert (registry.accreditor(LOCAL), registry.authority_of(LOCAL)) == (BODY, "cn.chamber")
    assert (registry.accreditor(BODY), registry.authority_of(BODY)) == ("cn.chamber", "cn.chamber")
    assert registry.authority_of("cn.nobody") is None
    assert [entry.code for entry in registry.body_entries(BODY)] == [1]
    assert registry.body_entries(LOCAL) == ()
    assert registry.power_over(chamber.address, LOCAL) is Power.AUTHORITY
    assert registry.power_over(body.address, LOCAL) is Power.BODY
    assert registry.power_over(body.address, BODY) is Power.ISSUER
    assert registry.power_over(Account.generate().address, LOCAL) is Power.NONE
    assert registry.may_act_for(body.address, LOCAL)


def test_what_is_covered(consortium: Consortium, registry: IssuerRegistry, body: Account) -> None:
    assert registry.scope(LOCAL, KIND) == (RCEP,)
    assert registry.scope_entries(LOCAL, KIND, RCEP)[0].detail == Limit.AGREEMENT
    assert registry.accreditation_entries(LOCAL, KIND)[0].detail == Limit.AGREEMENT
    time = now(consortium)
    assert registry.covers(LOCAL, KIND, [RCEP], time, time)
    assert registry.covers(LOCAL, KIND, [RCEP, "hs.84"], time, time), "not limited in chapters"
    assert not registry.covers(LOCAL, KIND, [], time, time)
    assert not registry.covers(LOCAL, KIND, ["agreement.acfta"], time, time)
    assert not registry.covers(LOCAL, "bill-of-lading", [RCEP], time, time)
    recorded = registry.scope_entries(LOCAL, KIND, RCEP)[0].recorded_at
    assert not registry.covers(LOCAL, KIND, [RCEP], time, recorded - 1), "as known then"
    assert code_of(registry.covers, LOCAL, KIND, ["rcep"], time, time) == "contract.IssuerRegistryScopeInvalid"


def test_a_body_grants_no_more_than_it_has(consortium: Consortium, registry: IssuerRegistry, body: Account) -> None:
    for call in (registry.accredit(LOCAL, ["bill-of-lading"]), registry.accredit(LOCAL, [KIND, "aeo-credential"])):
        assert code_of(consortium.submit, body, call) == "contract.IssuerRegistryBeyondBody"
    for call in (registry.authorize_body(LOCAL), registry.end_body(BODY), registry.authorize_body(BODY)):
        assert code_of(consortium.submit, body, call) == "contract.IssuerRegistryNotAccreditor"
    assert code_of(consortium.submit, body, registry.add_scope(LOCAL, KIND, ["x.y"])) is not None


def test_the_authority_holds_what_it_suspends(
    consortium: Consortium, registry: IssuerRegistry, chamber: Account, body: Account
) -> None:
    consortium.submit(body, registry.suspend_issuer(LOCAL, 2))
    consortium.submit(chamber, registry.suspend_issuer(LOCAL, 3))
    assert [entry.code for entry in registry.issuer_hold_entries(LOCAL)] == [Power.BODY, Power.AUTHORITY]
    with pytest.raises(Refused) as caught:
        consortium.submit(body, registry.reinstate_issuer(LOCAL))
    assert caught.value.code == "contract.IssuerRegistryHeld"
    assert "body or authority" in caught.value.mend
    consortium.submit(chamber, registry.reinstate_issuer(LOCAL))
    assert registry.issuer_hold_entries(LOCAL)[-1].code == Power.NONE
    assert registry.issuer_entries(LOCAL)[-1].code == IssuerState.ACTIVE


def test_the_authority_holds_a_key(
    consortium: Consortium, registry: IssuerRegistry, chamber: Account, body: Account
) -> None:
    key = PrivateKey.generate(Algorithm.ED25519).public_key
    consortium.submit(body, registry.add_key(LOCAL, key))
    consortium.submit(chamber, registry.suspend_key(key.thumbprint, 1))
    assert [entry.code for entry in registry.key_hold_entries(key.thumbprint)] == [Power.AUTHORITY]
    assert code_of(consortium.submit, body, registry.reinstate_key(key.thumbprint)) == "contract.IssuerRegistryHeld"
    consortium.submit(chamber, registry.reinstate_key(key.thumbprint))
    assert registry.key_hold_entries(key.thumbprint)[-1].code == Power.NONE


def test_the_authority_holds_a_document(consortium: Consortium) -> None:
    documents, digest = consortium.registries.document, b"\x31" * 32
    maritime, own = consortium.account("cn.maritime"), consortium.keys.issuer_accounts["cn.carrier"]
    consortium.submit(maritime, documents.set_status(StatusChange("cn.carrier", digest, Status.SUSPENDED)))
    assert [entry.code for entry in documents.hold_entries("cn.carrier", digest)] == [Power.AUTHORITY]
    again = documents.set_status(StatusChange("cn.carrier", digest, Status.REINSTATED))
    assert code_of(consortium.submit, own, again) == "contract.DocumentRegistryHeld"


def test_ends_come_on_their_dates(
    consortium: Consortium, registry: IssuerRegistry, chamber: Account, body: Account
) -> None:
    later = now(consortium) + 5000
    consortium.submit(body, registry.end_scope(LOCAL, KIND, RCEP, later + 500))
    consortium.submit(chamber, registry.end_body(BODY, later))
    assert [code_at(registry.scope_entries(LOCAL, KIND, RCEP), later + at) for at in (499, 500)] == [1, 0]
    covered = [registry.covers(LOCAL, KIND, [RCEP], time, ALWAYS) for time in (later - 1, later)]
    assert covered == [True, False], "what the body loses, its issuers lose with it"


@pytest.mark.parametrize("kind", [IssuerChange.BODY, IssuerChange.SCOPE, IssuerChange.HOLD])
def test_every_change_is_counted(registry: IssuerRegistry, kind: IssuerChange) -> None:
    assert registry.changes(kind).count >= 2
