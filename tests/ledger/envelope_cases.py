"""What the tests of the envelope share: keys, one credential, and a forger who holds the issuer's key."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ledger import base64url
from ledger.canonical import canonicalize
from ledger.envelope import Attachment, Envelope, issue
from ledger.errors import Invalid
from ledger.jwk import Algorithm
from ledger.kinds import kind
from ledger.private_key import PrivateKey
from ledger.signer import Signer

VECTORS = Path(__file__).resolve().parents[3] / "shared" / "vectors"
KIND = kind("aeo-credential")
ISSUER = "cn.customs"
IAT = 1_790_000_000
ES256 = PrivateKey.generate(Algorithm.ES256)
ED25519 = PrivateKey.generate(Algorithm.ED25519)
PDF = Attachment("licence.pdf", "application/pdf", b"%PDF-1.7 the licence")
PHOTO = Attachment("gate 3.jpg", "image/jpeg", b"\xff\xd8\xff\xe0 a gate")
DOCUMENT: dict[str, Any] = {
    "certificateNumber": "AEOCN3117964A01",
    "programme": "Enterprise Credit Management",
    "issuingCountry": "CN",
    "authority": {"name": "Shanghai Customs", "id": "cn.customs"},
    "operator": {
        "name": "Huangpu River Forwarding Co., Ltd.",
        "localName": "黄浦江货运代理有限公司",
        "code": "3117964A01",
        "countryCode": "CN",
        "identifiers": [{"scheme": "USCC", "value": "91310000MA1K4LXY2A"}],
        "address": {"lines": ["18 Waima Road"], "city": "Shanghai", "countryCode": "CN"},
    },
    "tier": "Advanced",
    "roles": ["forwarder", "exporter"],
    "validFrom": "2026-01-01",
    "sites": [{"name": "Waigaoqiao warehouse", "UNLocationCode": "CNSGH"}],
    "contacts": [{"name": "Lin Yue", "email": "lin.yue@huangpu.example"}],
    "insuredValue": 12.5,
}
GROUPS = ("/operator/address", "/operator/identifiers", "/contacts", "/sites")
"""The groups that DOCUMENT holds; `/recognitionCodes` it does not."""


def vectors(name: str) -> Path:
    if not (VECTORS / name).exists():
        pytest.skip(f"the shared vectors ({name}) are not here")
    return VECTORS / name


def issued(signer: Signer = ES256, attachments: Sequence[Attachment] = (PDF, PHOTO)) -> Envelope:
    return issue(DOCUMENT, KIND, ISSUER, signer, attachments=attachments, iat=IAT)


def refusal(call: Any, *arguments: Any) -> str:
    """Return the code with which `call` refuses."""
    with pytest.raises(Invalid) as raised:
        call(*arguments)
    assert raised.value.mend
    return raised.value.code


def without(document: dict[str, Any], *pointers: str) -> dict[str, Any]:
    """Return a copy of `document` without the members at `pointers` (one or two steps)."""
    copy: dict[str, Any] = json.loads(json.dumps(document))
    for pointer in pointers:
        *parents, last = pointer.split("/")[1:]
        holder = copy[parents[0]] if parents else copy
        del holder[last]
    return copy


def disclosure(*content: Any) -> str:
    return base64url.encode(json.dumps(list(content)).encode())


def digest_of(text: str) -> str:
    return base64url.encode(hashlib.sha256(text.encode()).digest())


def forge(
    claims: Mapping[str, Any],
    disclosures: Sequence[str] = (),
    *,
    header: Mapping[str, Any] | None = None,
    payload: bytes | None = None,
    signer: Signer = ES256,
) -> str:
    """Sign anything, as an issuer with software of his own could."""
    members: Mapping[str, Any] = {
        "alg": signer.public_key.algorithm.jose,
        "kid": signer.public_key.kid,
        "typ": "dc+sd-jwt",
    }
    head = canonicalize(dict(members if header is None else header))
    body = canonicalize(dict(claims)) if payload is None else payload
    signing_input = f"{base64url.encode(head)}.{base64url.encode(body)}"
    signature = base64url.encode(signer.sign(signing_input.encode()))
    return "~".join((f"{signing_input}.{signature}", *disclosures, ""))


def claims(document: Any = DOCUMENT, **changes: Any) -> dict[str, Any]:
    return {
        "_sd_alg": "sha-256",
        "attachments": [],
        "document": document,
        "iat": IAT,
        "iss": ISSUER,
        "jti": "AAAAAAAAAAAAAAAAAAAAAA",
        "vct": KIND.vct,
    } | changes
