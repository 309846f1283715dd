"""What the customs officer of the demonstration is shown, and what the verdict must be."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from ledger.envelope import parse, withhold


@dataclass(frozen=True)
class Case:
    """One presentation: what is sent to `POST /v1/verifications`, and the verdict it must get.

    code: a finding that must be among the verdict's, with its outcome.
    """

    title: str
    question: dict[str, Any]
    authentic: str
    usable: str
    code: str


@dataclass(frozen=True)
class Registered:
    """Envelopes of the demonstration, registered and final."""

    bill: str
    certificate: str
    aeo: str
    outside: str
    revoked: str


def cases(registered: Registered) -> list[Case]:
    """Return the presentations: three genuine documents, then what people try and what goes wrong."""
    bill = {"envelope": registered.bill}
    withheld = withhold(parse(registered.bill), ["/documentParties", "/charges", "/declaredValue"])
    return [
        Case("bill of lading", bill, "VALID", "ACTIVE", "title.none"),
        Case("certificate of origin", {"envelope": registered.certificate}, "VALID", "ACTIVE", "issuer.accredited"),
        Case("AEO credential", {"envelope": registered.aeo}, "VALID", "ACTIVE", "issuer.accredited"),
        Case(
            "AEO credential, relied on by Singapore",
            {"envelope": registered.aeo, "relying_country": "SG"},
            "VALID",
            "ACTIVE",
            "recognition.in-effect",
        ),
        Case(
            "bill, parties and charges withheld", {"envelope": withheld.serialize()}, "VALID", "ACTIVE", "form.withheld"
        ),
        Case(
            "bill, weight changed",
            {"envelope": with_weight_changed(registered.bill)},
            "INVALID",
            "UNKNOWN",
            "integrity.disclosures",
        ),
        Case(
            "bill, kind and dates changed",
            {"envelope": with_claims_changed(registered.bill)},
            "INVALID",
            "UNKNOWN",
            "integrity.signature",
        ),
        Case(
            "certificate by a carrier",
            {"envelope": registered.outside},
            "INVALID",
            "UNKNOWN",
            "issuer.not-accredited",
        ),
        Case("bill, revoked by its issuer", {"envelope": registered.revoked}, "VALID", "REVOKED", "status.revoked"),
        Case(
            "bill, its digest only",
            {"digest": parse(registered.bill).digest.hex()},
            "INDETERMINATE",
            "UNKNOWN",
            "integrity.not-presented",
        ),
        Case(
            "a digest that nobody registered",
            {"digest": "00" * 32},
            "INDETERMINATE",
            "PENDING",
            "anchoring.not-found",
        ),
    ]


def with_weight_changed(envelope: str) -> str:
    """Return the envelope with one digit of a gross weight changed, in the disclosure that holds it."""
    jwt, *disclosures, tail = envelope.split("~")
    changed = [
        _changed(text, '"cargoGrossWeight":{"unit":"KGM","value":8', '"cargoGrossWeight":{"unit":"KGM","value":1')
        for text in disclosures
    ]
    return "~".join([jwt, *changed, tail])


def with_claims_changed(envelope: str) -> str:
    """Return the envelope with its signed claims changed and the old signature kept."""
    jwt, *rest = envelope.split("~")
    header, claims, signature = jwt.split(".")
    changed = json.loads(_decoded(claims))
    changed["document"]["isToOrder"] = not changed["document"]["isToOrder"]
    text = json.dumps(changed, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    return "~".join([".".join([header, _encoded(text.encode()), signature]), *rest])


def _changed(disclosure: str, old: str, new: str) -> str:
    return _encoded(_decoded(disclosure).replace(old.encode(), new.encode()))


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode("ascii").rstrip("=")
