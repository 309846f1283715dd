"""Documents that others published, read from `../shared/samples/real`; never copied into the project."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.samples.mapping import aeo_credential, certificate_of_origin

REAL = Path(__file__).parents[2].parent / "shared" / "samples" / "real"

Document = dict[str, Any]

needs_samples = pytest.mark.skipif(not REAL.is_dir(), reason=f"the published samples are not there: {REAL}")

_BILLS = ("dcsa/td-regular-draft", "dcsa/td-reefer-approved", "dcsa/td-amendment-reefer-put")
_CERTIFICATES = (
    "w3c-traceability/CertificationOfOrigin",
    "dvp-aanzfta/aanzfta-coo.valid",
    "tradetrust-gallery/w3c-vc.certificate-of-origin-default",
    "tradetrust-gallery/oa-v2.certificate-of-origin-default",
    "tradetrust-templates/chafta-coo.v2.raw",
)
_NOT_BILLS = (
    "dcsa-conformance/ebl-api-3.0.0-straight-bl",
    "dcsa-conformance/ebl-api-3.0.0-2c1u",
    "dcsa-conformance/pint-3.0.0-transport-document",
)


def read(name: str) -> Document:
    """Return the sample `name` (without `.json`) as published."""
    document: Document = json.loads((REAL / f"{name}.json").read_text(encoding="utf-8"))
    return document


def real_bills() -> list[tuple[str, Document]]:
    """Return every DCSA transport document of the samples, with its name; our kind takes them unchanged."""
    return [
        *((name, read(name)) for name in _BILLS),
        ("dcsa/td-notification-draft-full", read("dcsa/td-notification-draft-full")["data"]["transportDocument"]),
        ("dcsa/issuance-request-regular", read("dcsa/issuance-request-regular")["document"]),
    ]


def real_certificates() -> list[tuple[str, Document]]:
    """Return the certificates of origin of the samples, with their names, mapped to our kind."""
    return [(name, certificate_of_origin(read(name))) for name in _CERTIFICATES]


def real_aeo() -> list[tuple[str, Document]]:
    """Return the C-TPAT credential of the samples, mapped to our kind."""
    name = "w3c-traceability/CTPATCertificate"
    return [(name, aeo_credential(read(name)))]


def not_bills() -> list[tuple[str, Document]]:
    """Return what looks like a transport document and is none: shipping instructions, and a template."""
    return [(name, read(name)) for name in _NOT_BILLS]
