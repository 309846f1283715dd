import json
from itertools import combinations
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from ledger.errors import Invalid
from ledger.json_pointer import find, tokens
from ledger.kinds import KINDS, DocumentInvalid, Kind, kind, kind_of_vct
from ledger.kinds.problem import MOST, member_name
from ledger.strict_json import parse

OWN = Path(__file__).parents[2] / "api" / "demonstration" / "samples"


def own_sample(name: str) -> dict[str, Any]:
    document = parse((OWN / f"{name}.json").read_bytes())
    assert isinstance(document, dict)
    return document


def without(document: dict[str, Any], pointers: tuple[str, ...]) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for pointer in pointers:
        *parents, name = tokens(pointer)
        holder = copy
        for parent in parents:
            holder = holder[parent]
        holder.pop(name, None)
    return copy


def subschemas(schema: Any) -> list[dict[str, Any]]:
    inner = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else []
    own = [schema] if isinstance(schema, dict) else []
    return own + [found for member in inner for found in subschemas(member)]


every_kind = pytest.mark.parametrize("each", KINDS.values(), ids=KINDS.keys())


def test_kinds_are_found_by_name_and_by_type() -> None:
    assert list(KINDS) == ["bill-of-lading", "certificate-of-origin", "aeo-credential"]
    for name, each in KINDS.items():
        assert kind(name) is each
        assert each.vct == f"urn:portseal:kind:{name}:1"
        assert kind_of_vct(each.vct) is each


@pytest.mark.parametrize("name", ["", "invoice", "bill-of-lading:1", "urn:portseal:kind:bill-of-lading:2"])
def test_unknown_kinds(name: str) -> None:
    for look_up in (kind, kind_of_vct):
        with pytest.raises(Invalid) as caught:
            look_up(name)
        assert caught.value.code == "kind.unknown"
        assert "aeo-credential" in caught.value.mend


@every_kind
class TestEveryKind:
    def test_schema_is_a_schema_of_its_own(self, each: Kind) -> None:
        assert jsonschema_rs.meta.is_valid(each.schema)
        assert each.schema["$id"] == each.vct
        for schema in subschemas(each.schema):
            assert str(schema.get("$ref", "#/")).startswith("#/$defs/") or "$ref" not in schema
            assert "additionalProperties" not in schema
            if isinstance(schema.get("pattern"), str) or isinstance(schema.get("format"), str):
                assert isinstance(schema["description"], str)

    def test_groups_name_members_that_the_schema_knows(self, each: Kind) -> None:
        sample = own_sample(each.name)
        assert f"/{each.number_member}" not in each.groups
        for group in each.groups:
            assert not any(other.startswith(group + "/") for other in each.groups)
            top = tokens(group)[0]
            assert top in each.schema["properties"]
        present = [group for group in each.groups if find(sample, group) is not None]
        assert len(present) >= 4

    def test_own_sample_is_valid_and_has_its_number(self, each: Kind) -> None:
        sample = own_sample(each.name)
        each.validate(sample)
        assert each.number(sample) == sample[each.number_member]

    def test_withheld_groups_are_not_missed(self, each: Kind) -> None:
        sample = own_sample(each.name)
        for size in (1, 2, len(each.groups)):
            for withheld in combinations(each.groups, size):
                each.validate(without(sample, withheld), withheld=withheld)
                assert each.expires(without(sample, withheld)) == each.expires(sample)
                assert each.number(without(sample, withheld)) == each.number(sample)

    def test_withholding_one_group_excuses_no_other(self, each: Kind) -> None:
        sample = own_sample(each.name)
        demanded = [group for group in each.groups if not is_valid(each, without(sample, (group,)))]
        for group in demanded:
            others = tuple(other for other in each.groups if other != group)
            assert not is_valid(each, without(sample, (group,)), others)

    def test_members_that_stay_are_judged_as_before(self, each: Kind) -> None:
        sample = own_sample(each.name)
        for name in each.schema["required"]:
            if f"/{name}" not in each.groups:
                broken = without(sample, (f"/{name}",))
                with pytest.raises(DocumentInvalid) as caught:
                    each.validate(broken, withheld=each.groups)
                assert caught.value.pointer == f"/{name}"
        for group in each.groups:
            *parents, name = tokens(group)
            holder = find(sample, "".join(f"/{parent}" for parent in parents))
            if name in holder:
                wrong = json.loads(json.dumps(sample))
                find(wrong, "".join(f"/{parent}" for parent in parents))[name] = True
                assert not is_valid(each, wrong, each.groups)

    def test_only_groups_can_be_withheld(self, each: Kind) -> None:
        for pointer in (f"/{each.number_member}", "", "/nothing", each.groups[0] + "/0", each.groups[0][1:]):
            with pytest.raises(Invalid) as caught:
                each.validate(own_sample(each.name), withheld=(pointer,))
            assert caught.value.code == "kind.group"
            assert each.groups[0] in caught.value.mend

    def test_unknown_members_are_kept(self, each: Kind) -> None:
        each.validate({**own_sample(each.name), "somethingNew": {"deep": [1, None]}, "x-note": None})

    @pytest.mark.parametrize("value", [None, [], "text", 1, True, {}, [{}], {"a": 1}])
    def test_anything_else_is_refused(self, each: Kind, value: Any) -> None:
        with pytest.raises(DocumentInvalid) as caught:
            each.validate(value)
        assert caught.value.code == "document.schema"
        assert caught.value.mend
        if isinstance(value, dict):
            assert caught.value.detail.startswith(f"this is not {each.noun}; missing: {each.number_member}, ")
            assert caught.value.pointer == f"/{each.number_member}"

    def test_errors_repeat_no_content(self, each: Kind) -> None:
        secret = "S3CRET" * 20
        for name in each.schema["properties"]:
            for wrong in (secret, [secret], {secret: secret}, [[{secret: 1}]]):
                try:
                    each.validate({**own_sample(each.name), name: wrong})
                except DocumentInvalid as error:
                    shown = str(error) + repr(error.problems)
                    assert "S3CRET" not in shown

    def test_number_of_problems_is_bounded(self, each: Kind) -> None:
        name = "consignmentItems" if each.name == "bill-of-lading" else "items"
        name = "sites" if each.name == "aeo-credential" else name
        with pytest.raises(DocumentInvalid) as caught:
            each.validate({**own_sample(each.name), name: [{} for _ in range(1000)]})
        assert len(caught.value.problems) == MOST
        assert caught.value.problems[0].pointer.startswith(f"/{name}/0/")


@pytest.mark.parametrize(
    ("change", "pointer", "detail"),
    [
        ({"carrierCode": "ABCDE"}, "/carrierCode", "carrierCode is longer than 4 characters"),
        ({"carrierCode": 7}, "/carrierCode", "carrierCode must be a text"),
        ({"transportDocumentTypeCode": "HBL"}, "/transportDocumentTypeCode", "must be one of BOL, SWB"),
        ({"issueDate": "2026-02-30"}, "/issueDate", "issueDate must be a day that exists, as YYYY-MM-DD"),
        ({"partyContactDetails": []}, "/partyContactDetails", "partyContactDetails must not be empty"),
        ({"partyContactDetails": [{"name": "A"}]}, "/partyContactDetails/0", "needs one of phone, email"),
        ({"invoicePayableAt": {}}, "/invoicePayableAt", "needs one of UNLocationCode, freeText"),
        ({"invoicePayableAt": {"UNLocationCode": "SGSIN", "freeText": "x"}}, "/invoicePayableAt", "exclude each other"),
        ({"invoicePayableAt": {"UNLocationCode": "sgsin"}}, "/invoicePayableAt/UNLocationCode", "must be a UN/LOCODE"),
        ({"declaredValue": -1}, "/declaredValue", "declaredValue is smaller than 0"),
        ({"numberOfRiderPages": 1.5}, "/numberOfRiderPages", "numberOfRiderPages must be a whole number"),
    ],
)
def test_words_of_a_refusal(change: dict[str, Any], pointer: str, detail: str) -> None:
    with pytest.raises(DocumentInvalid) as caught:
        kind("bill-of-lading").validate({**own_sample("bill-of-lading"), **change})
    assert caught.value.pointer == pointer
    assert detail in caught.value.detail
    assert len(caught.value.problems) == 1


def is_valid(each: Kind, document: Any, withheld: tuple[str, ...] = ()) -> bool:
    try:
        each.validate(document, withheld=withheld)
    except DocumentInvalid:
        return False
    return True


@pytest.mark.parametrize(
    ("pointer", "name"),
    [
        ("", "the document"),
        ("/a", "a"),
        ("/a/b", "b"),
        ("/a/0", "a[0]"),
        ("/a/0/1", "a[0][1]"),
        ("/0", "[0]"),
        ("/a/0/b", "b"),
        ("/x~1y", "x/y"),
    ],
)
def test_how_a_sentence_calls_a_member(pointer: str, name: str) -> None:
    assert member_name(pointer) == name
