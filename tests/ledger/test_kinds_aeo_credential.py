import pytest

from ledger.kinds import DocumentInvalid, kind
from ledger.kinds.day import end_of, end_of_anniversary
from tests.ledger.test_kinds import own_sample

CREDENTIAL = kind("aeo-credential")


def test_expiry_is_the_end_of_the_last_day() -> None:
    sample = own_sample("aeo-credential")
    assert "validUntil" not in sample
    assert CREDENTIAL.expires(sample) is None
    assert CREDENTIAL.expires({**sample, "validUntil": "2028-06-17"}) == end_of("2028-06-17")


def test_what_decides_usability_cannot_be_withheld() -> None:
    for name in ("operator", "programme", "authority", "roles", "validFrom", "validUntil", "tier", "issuingCountry"):
        assert f"/{name}" not in CREDENTIAL.groups
    assert "/operator/code" not in CREDENTIAL.groups
    assert "/operator/name" not in CREDENTIAL.groups


@pytest.mark.parametrize("roles", [[], ["smuggler"], ["exporter", "exporter"], "exporter"])
def test_roles(roles: object) -> None:
    with pytest.raises(DocumentInvalid) as caught:
        CREDENTIAL.validate({**own_sample("aeo-credential"), "roles": roles})
    assert str(caught.value.pointer).startswith("/roles")


def test_days() -> None:
    assert end_of("1970-01-01") == 86_400
    assert end_of("2026-12-31") == 1_798_761_600
    assert end_of_anniversary("2026-10-13") == end_of("2027-10-13")
    assert end_of_anniversary("2028-02-29") == end_of("2029-02-28")
    assert end_of_anniversary("2027-02-28") == end_of("2028-02-28")
    assert end_of_anniversary("9999-12-31") == end_of("9999-12-31") + 365 * 86_400
