"""Groups that the schema demands: withheld they are excused, left out they are missing."""

import json
from pathlib import Path
from typing import Any

import pytest

from ledger.envelope import issue, parse, verify, withhold
from ledger.errors import Invalid
from ledger.kinds import kind
from tests.ledger.envelope_cases import ES256, IAT, claims, forge, refusal, without

SAMPLES = Path(__file__).parents[2] / "api" / "demonstration" / "samples"
BILL: dict[str, Any] = json.loads((SAMPLES / "bill-of-lading.json").read_text(encoding="utf-8"))
KIND = kind("bill-of-lading")
DEMANDED = [group for group in KIND.groups if group[1:] in KIND.schema["required"]]


@pytest.mark.parametrize("group", DEMANDED)
def test_withheld_it_is_excused_and_left_out_it_is_not(group: str) -> None:
    less = withhold(issue(BILL, KIND, "sg.carrier", ES256, iat=IAT), [group])
    assert group in verify(parse(less.serialize()), ES256.public_key).withheld
    left_out = forge(claims(without(BILL, group), vct=KIND.vct))
    assert refusal(lambda: verify(parse(left_out), ES256.public_key)) == "document.schema"


def test_a_member_that_is_no_group_is_not_excused_by_groups_that_are_withheld() -> None:
    less = without(BILL, "/carrierCode", "/documentParties")
    text = forge(claims({**less, "_sd": ["A" * 43]}, vct=KIND.vct))
    with pytest.raises(Invalid) as raised:
        verify(parse(text), ES256.public_key)
    assert (raised.value.code, "carrierCode" in str(raised.value)) == ("document.schema", True)


def test_all_groups_at_once() -> None:
    less = withhold(issue(BILL, KIND, "sg.carrier", ES256, iat=IAT), KIND.groups)
    seen = verify(parse(less.serialize()), ES256.public_key)
    assert set(seen.withheld) == set(KIND.groups)
    assert not {group[1:] for group in KIND.groups} & set(seen.document)
    assert seen.document["transportDocumentReference"] == BILL["transportDocumentReference"]
