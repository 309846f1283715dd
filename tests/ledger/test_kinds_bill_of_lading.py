"""Our bill of lading against the DCSA's own schema, which is loaded from the samples and never copied."""

import copy
import json
import random
import string
from collections.abc import Callable
from typing import Any

import jsonschema_rs
import pytest

from ledger.canonical import canonicalize
from ledger.json_pointer import append, walk
from ledger.kinds import DocumentInvalid, kind
from ledger.kinds.schema import compiled
from tests.samples import REAL, needs_samples, not_bills, read, real_bills

BILL = kind("bill-of-lading")
MUTATIONS = 4_000

Document = dict[str, Any]


@pytest.fixture(scope="module")
def dcsa() -> jsonschema_rs.Draft4Validator:
    """Compile the DCSA's TransportDocument as published: OpenAPI 3.0 follows Draft 4 in what it uses."""
    schemas = read("dcsa/schemas/EBL_ISS_v3.0.4.schemas")
    root = {"$ref": "#/components/schemas/TransportDocument", "components": {"schemas": schemas}}
    return jsonschema_rs.Draft4Validator(root, validate_formats=True)


def is_valid(document: Any) -> bool:
    try:
        BILL.validate(document)
    except DocumentInvalid:
        return False
    return True


def full_bill() -> Document:
    """Return a valid bill with every member that the schema knows, so that mutations reach all of it."""
    made = _example(BILL.schema, BILL.schema, 0)
    assert isinstance(made, dict)
    return made


def _example(schema: Document, root: Document, depth: int) -> Any:
    if "$ref" in schema:
        base = root["$defs"][schema["$ref"].rpartition("/")[2]]
        members = {**base.get("properties", {}), **schema.get("properties", {})}
        own = {key: value for key, value in schema.items() if key != "$ref"}
        return _example({**base, **own, "properties": members}, root, depth)
    if "enum" in schema:
        return schema["enum"][0]
    if schema["type"] == "object":
        branch = (schema.get("oneOf") or schema.get("anyOf") or [{}])[0]
        members = {**schema.get("properties", {}), **branch.get("properties", {})}
        return {name: _example(member, root, depth + 1) for name, member in members.items() if depth < 12}
    if schema["type"] == "array":
        return [_example(schema["items"], root, depth + 1)] if depth < 12 else []
    if schema["type"] == "string":
        return _TEXTS.get(schema.get("pattern") or schema.get("format"), "X")
    return {"boolean": True, "integer": 1, "number": 1.5}[schema["type"]]


_TEXTS = {
    "^[A-Z]{2}$": "SG",
    "^[A-Z]{3}$": "SGD",
    "^[A-Z]{2}[A-Z2-9]{3}$": "SGSIN",
    "^\\d{4}$": "1263",
    "^\\d{2}[0-9A-Z]{2}[NEWSR]$": "2103S",
    "^.+@\\S+$": "a@b.example",
    "^\\d{6,10}$": "851671",
    "^\\d{6,12}$": "851671",
    "^[A-Z0-9]{2}$": "4G",
    "^[0-3][0-9A-Z]{3}$": "1A2B",
    "^[0-9](\\.[0-9])?$": "6.1",
    "date": "2026-10-15",
    "date-time": "2026-10-15T08:00:00Z",
}


@needs_samples
class TestRealBills:
    @pytest.mark.parametrize("name", [name for name, _ in real_bills()] if REAL.is_dir() else [])
    def test_is_taken_unchanged(self, name: str) -> None:
        document = dict(real_bills())[name]
        BILL.validate(document)
        assert BILL.number(document) == document["transportDocumentReference"]
        assert BILL.expires(document) is None
        present = [group for group in BILL.groups if group[1:] in document]
        BILL.validate({key: document[key] for key in document if f"/{key}" not in present}, withheld=present)

    def test_what_is_no_bill_is_refused_with_its_reason(self) -> None:
        reasons = {}
        for name, document in not_bills():
            with pytest.raises(DocumentInvalid) as caught:
                BILL.validate(document)
            reasons[name.rpartition("/")[2]] = (caught.value.pointer, caught.value.detail)
        no_number = (
            "this is a shipping instruction, not a transport document; missing: transportDocumentReference, "
            "transportDocumentStatus, termsAndConditions and 7 more"
        )
        assert reasons == {
            "ebl-api-3.0.0-straight-bl": ("/transportDocumentReference", no_number),
            "ebl-api-3.0.0-2c1u": ("/transportDocumentReference", no_number),
            "pint-3.0.0-transport-document": (
                "/transportDocumentReference",
                "transportDocumentReference is longer than 20 characters",
            ),
        }


@needs_samples
class TestAgainstTheDcsaSchema:
    def test_the_full_bill_is_valid_for_both(self, dcsa: jsonschema_rs.Draft4Validator) -> None:
        bill = full_bill()
        BILL.validate(bill)
        dcsa.validate(bill)
        assert sum(1 for _ in walk(bill)) > 600

    def test_every_required_member(self, dcsa: jsonschema_rs.Draft4Validator) -> None:
        for document in (full_bill(), *(bill for _, bill in real_bills())):
            for place in places(document):
                assert_same(dcsa, changed(document, place, drop), place)

    def test_every_limit(self, dcsa: jsonschema_rs.Draft4Validator) -> None:
        bill = full_bill()
        ours = compiled(BILL.schema)
        verdicts = []
        for place in once_per_name(places(bill)):
            for value in alternatives(value_at(bill, place)):
                document = changed(bill, place, lambda _old, value=value: value)
                verdicts.append(ours.is_valid(document))
                if verdicts[-1] != dcsa.is_valid(document):
                    assert_same(dcsa, document, place)
        assert len(verdicts) > 10_000
        assert 0.1 < sum(verdicts) / len(verdicts) < 0.9

    def test_many_random_changes(self, dcsa: jsonschema_rs.Draft4Validator) -> None:
        chance = random.Random(20261122)
        documents = [full_bill(), *(bill for _, bill in real_bills())]
        verdicts = []
        for _ in range(MUTATIONS):
            document = chance.choice(documents)
            for _ in range(chance.randint(1, 3)):
                place = chance.choice(places(document))
                document = changed(document, place, lambda old: random_value(chance, old))
            verdicts.append(assert_same(dcsa, document, None))
        assert 0.1 < sum(verdicts) / MUTATIONS < 0.9

    def test_whole_numbers_may_be_written_with_a_fraction(self, dcsa: jsonschema_rs.Draft4Validator) -> None:
        """The one difference: 2.0 and 2 have one canonical form, so they are one value here (JSON Schema 2020-12)."""
        document = {**full_bill(), "numberOfRiderPages": 2.0}
        assert (is_valid(document), dcsa.is_valid(document)) == (True, False)
        assert canonicalize(document) == canonicalize({**document, "numberOfRiderPages": 2})


Place = tuple[str | int, ...]
DROP = object()


def places(document: Any, place: Place = ()) -> list[Place]:
    """Return the path of every value below the root."""
    inner = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    found: list[Place] = [place] if place else []
    for step, value in inner:
        found += places(value, (*place, step))
    return found


def once_per_name(every: list[Place]) -> list[Place]:
    """Keep one place of those with the same name in the same kind of holder: they share their rule."""
    return list({tuple(step for step in place if isinstance(step, str))[-2:]: place for place in every}.values())


def changed(document: Document, place: Place, change: Callable[[Any], Any]) -> Document:
    result = copy.copy(document)
    holder: Any = result
    for step in place[:-1]:
        holder[step] = copy.copy(holder[step])
        holder = holder[step]
    new = change(holder[place[-1]])
    if new is DROP:
        del holder[place[-1]]
    else:
        holder[place[-1]] = new
    return result


def drop(_old: Any) -> Any:
    return DROP


# Values for each kind of rule: lengths up to every limit and over it, patterns, bounds, counts.
LIMITS = (1, 2, 3, 4, 5, 6, 7, 10, 11, 12, 15, 16, 20, 30, 35, 50, 65, 70, 100, 150, 250, 255, 20_000, 50_000)
TEXTS = [
    *("X" * (limit + over) for limit in LIMITS for over in (0, 1)),
    *("7" * length for length in (4, 5, 6, 9, 10, 11, 12, 13)),
    *("", " ", "X ", " X", "X Y", "X\nY", "\u00a0X", "\u3000", "\u0967" * 6, "\U0001f600" * 18),
    *(
        "sg",
        "SG",
        "SGSIN",
        "SGSI1",
        "SG SIN",
        "a@b",
        "a b@c",
        "@b",
        "a@ b",
        "1A2B",
        "4A2B",
        "6.1",
        "6.",
        "2103S",
        "2103X",
    ),
    *("2026-02-29", "2028-02-29", "2026-13-01", "20261015", "2026-10-15T08:00:00Z", "2026-10-15T08:00:00"),
    *("BOL", "COL", "KGM", "MTQ", "LTR", "CEL", "MQH", "SWB", "CFS", "CUS", "BIC", "GRM", "FTQ", "NMFTA"),
]
NUMBERS = [-1, 0, -0.5, 0.5, 1, 2, 3, 4, 99_999_999, 100_000_000, 100, 100.5, 101, 2**31, 2**53 - 1]
COUNTS = [0, 2, 3, 4, 5, 6, 7, 50, 51, 150, 151]
OTHERS = [None, True, "X", 1, 0.5, [], {}, [None], {"a": 1}]


def alternatives(old: Any) -> list[Any]:
    """Return what to put in the place of `old`: values of its own type around every limit, and other types."""
    if isinstance(old, str):
        return [*TEXTS, *OTHERS]
    if isinstance(old, list):
        return [*(old * count for count in COUNTS), *OTHERS]
    return [*(NUMBERS if isinstance(old, int | float) else []), *OTHERS]


def value_at(document: Any, place: Place) -> Any:
    for step in place:
        document = document[step]
    return document


def random_value(chance: random.Random, old: Any) -> Any:
    if chance.random() < 0.2:
        return chance.choice([DROP, *alternatives(old)])
    if isinstance(old, str):
        alphabet = string.ascii_uppercase + string.digits + " .-\n"
        return "".join(chance.choices(alphabet, k=max(0, len(old) + chance.randint(-3, 3))))
    if isinstance(old, list):
        return old * chance.randint(0, 4)
    if isinstance(old, dict):
        return {key: old[key] for key in chance.sample(sorted(old), chance.randint(0, len(old)))}
    return chance.choice([True, False, None, 0, 1, -1, 1.5, 0.25, "1"])


def assert_same(dcsa: jsonschema_rs.Draft4Validator, document: Document, place: Place | None) -> bool:
    ours, theirs = is_valid(document), dcsa.is_valid(document)
    if ours != theirs:
        pointer = ""
        for step in place or ():
            pointer = append(pointer, step)
        pytest.fail(f"ours: {ours}, DCSA: {theirs}, changed at {pointer}: {json.dumps(document)[:2000]}")
    return ours
