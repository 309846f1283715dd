"""Documents of other standards, recognised by the members they cannot do without: what they are, and what to do.

Only for the words of a refusal. Nothing is taken or refused because of what is recognised here.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

Members = Mapping[str, Any]


class Foreign(NamedTuple):
    """What a value is, as the rest of a sentence that begins with `this is`; and what its holder can do."""

    what: str
    mend: str


_REISSUE = "its issuer can state the same as a document of one of the kinds of docs/kinds.md and register that"
_KEPT_APART = "only the transport document itself is registered; {} stay between its parties"


def foreign(value: Any) -> Foreign | None:
    """Return what `value` is, if it is known and no document of ours."""
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict):
        return None
    return next((found for is_one, found in _KNOWN if is_one(value)), None)


def _has(*names: str) -> Callable[[Members], bool]:
    return lambda value: all(name in value for name in names)


def _says(name: str, part: str) -> Callable[[Members], bool]:
    return lambda value: part in str(value.get(name))


def _is_instruction(value: Members) -> bool:
    """Tell DCSA's shipping instructions from a transport document that merely lacks something."""
    named = ("transportDocumentTypeCode", "documentParties", "consignmentItems", "utilizedTransportEquipments")
    own = ("transportDocumentReference", "termsAndConditions", "carrierCode")
    return _has(*named)(value) and not any(name in value for name in own)


def _is_notification(value: Members) -> bool:
    data = value.get("data")
    return "specversion" in value and isinstance(data, dict) and "transportDocument" in data


_INSIDE = "send only what stands at {}: that is the transport document"
_KNOWN: tuple[tuple[Callable[[Members], bool], Foreign], ...] = (
    (
        _says("$schema", "json-schema.org"),
        Foreign("a JSON Schema, which describes documents", "send a document"),
    ),
    (_has("document", "issueTo"), Foreign("a DCSA issuance request", _INSIDE.format("/document"))),
    (
        _has("transportDocument", "envelopeManifestSignedContent"),
        Foreign("a PINT transfer", _INSIDE.format("/transportDocument")),
    ),
    (_is_notification, Foreign("a DCSA notification", _INSIDE.format("/data/transportDocument"))),
    (
        _is_instruction,
        Foreign(
            "a shipping instruction",
            "register the transport document that the carrier makes from it, once it is issued",
        ),
    ),
    (_has("surrenderRequestCode"), Foreign("a DCSA surrender request", _KEPT_APART.format("requests"))),
    (_has("issuanceResponseCode"), Foreign("a DCSA issuance response", _KEPT_APART.format("responses"))),
    (
        _has("transportDocumentReference", "endorsementChain"),
        Foreign("a DCSA endorsement chain", _KEPT_APART.format("endorsements")),
    ),
    (_says("version", "schema.openattestation.com"), Foreign("an OpenAttestation document (TradeTrust)", _REISSUE)),
    (_has("$template", "issuers"), Foreign("an OpenAttestation document, not yet wrapped (TradeTrust)", _REISSUE)),
    (
        _has("schemaType", "verifiableCredential"),
        Foreign("a certificate of the Digital Verification Platform", _REISSUE),
    ),
    (_says("type", "VerifiableCredential"), Foreign("a W3C verifiable credential", _REISSUE)),
)
