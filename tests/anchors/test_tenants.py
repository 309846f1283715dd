from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anchors.database import Database, upgrade
from anchors.tenants import Tenants
from ledger.errors import Invalid, Refused
from ledger.jwk import Algorithm
from ledger.private_key import PrivateKey
from tests.databases import BOTH, addresses

KEY = PrivateKey.generate(Algorithm.X25519).public_key


@pytest.fixture(scope="module", params=BOTH)
def database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory):
    database = Database(addresses(request, request.param)(tmp_path_factory.mktemp("tenants")))
    upgrade(database)
    Tenants(database).create("sea-lines", ["cn.sea-lines", "sg.sea-lines"], KEY)
    yield database
    database.close()


@pytest.fixture
def tenants(database: Database) -> Tenants:
    return Tenants(database)


def test_a_token_stands_for_its_tenant(tenants: Tenants) -> None:
    tenant = tenants.authenticate(tenants.issue_api_key("sea-lines"))
    assert tenant is not None
    assert tenant.id == "sea-lines"
    assert tenant.issuers == {"cn.sea-lines", "sg.sea-lines"}
    assert tenant.encryption_key == KEY


def test_the_token_is_not_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "portseal.db"
    database = Database.at(path)
    upgrade(database)
    tenants = Tenants(database)
    tenants.create("sea-lines", [], KEY)
    token = tenants.issue_api_key("sea-lines")
    stored = path.read_bytes() + path.with_name(path.name + "-wal").read_bytes()
    database.close()
    assert token.split("_", 2)[1].encode() in stored
    assert token.encode() not in stored
    assert token.split("_", 2)[2].encode() not in stored


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.upper(), lambda t: t + "\ud800"])
def test_nearly_the_token_is_nobody(tenants: Tenants, change) -> None:
    assert tenants.authenticate(change(tenants.issue_api_key("sea-lines"))) is None


def test_the_secret_of_one_key_does_not_go_with_the_id_of_another(tenants: Tenants) -> None:
    one, other = (tenants.issue_api_key("sea-lines").split("_", 2) for _ in range(2))
    assert tenants.authenticate("_".join([one[0], one[1], other[2]])) is None


@given(st.text())
def test_any_text_is_answered(database: Database, text: str) -> None:
    assert Tenants(database).authenticate(text) is None


def test_a_withdrawn_key_is_nobody_and_others_go_on(tenants: Tenants) -> None:
    one, other = (tenants.issue_api_key("sea-lines") for _ in range(2))
    tenants.withdraw_api_key(one.split("_")[1])
    tenants.withdraw_api_key(one.split("_")[1])
    assert tenants.authenticate(one) is None
    assert tenants.authenticate(other) is not None
    listed = {key.id: key.withdrawn_at for key in tenants.api_keys("sea-lines")}
    assert listed[one.split("_")[1]] is not None
    assert listed[other.split("_")[1]] is None


def test_a_tenant_is_entered_once(tenants: Tenants) -> None:
    with pytest.raises(Refused) as caught:
        tenants.create("sea-lines", [], KEY)
    assert caught.value.code == "tenant.exists"


def test_issuers_are_said_anew(tenants: Tenants) -> None:
    tenants.create("chamber", ["cn.chamber"], KEY)
    tenants.set_issuers("chamber", ["kr.chamber", "kr.chamber"])
    tenant = tenants.get("chamber")
    assert tenant is not None
    assert tenant.issuers == {"kr.chamber"}
    assert tenant in tenants.all()


@pytest.mark.parametrize("name", ["", "Sea", "a b", "x" * 33, "-a", "海"])
def test_ids_have_a_form(tenants: Tenants, name: str) -> None:
    for make in (lambda: tenants.create(name, [], KEY), lambda: tenants.create("good", [name], KEY)):
        with pytest.raises(Invalid) as caught:
            make()
        assert caught.value.code == "identifier.form"
    assert tenants.get("good") is None


def test_a_signing_key_cannot_be_sealed_for(tenants: Tenants) -> None:
    with pytest.raises(Invalid) as caught:
        tenants.create("signer", [], PrivateKey.generate(Algorithm.ES256).public_key)
    assert caught.value.code == "tenant.encryption-key"


def test_the_unknown_is_refused(tenants: Tenants) -> None:
    for call in (lambda: tenants.issue_api_key("nobody"), lambda: tenants.set_issuers("nobody", [])):
        with pytest.raises(Refused) as caught:
            call()
        assert caught.value.code == "tenant.unknown"
    with pytest.raises(Refused) as caught:
        tenants.withdraw_api_key("0")
    assert caught.value.code == "api-key.unknown"
