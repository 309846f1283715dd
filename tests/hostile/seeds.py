"""One good request for each address of the API: what the mutations start from."""

import json

from api.demonstration.samples import sample
from tests.hostile.target import CARRIER, READER, Target
from tests.hostile.wire import Header, RawRequest

JSON: Header = (b"Content-Type", b"application/json")
ENVELOPE: Header = (b"Content-Type", b"application/dc+sd-jwt")
LINES: Header = (b"Content-Type", b"application/x-ndjson")


def seeds(target: Target) -> list[RawRequest]:
    """Return good requests, weighted: addresses that read a body stand there more often."""
    key = target.api.key(CARRIER)["Authorization"].encode()
    tenant: Header = (b"Authorization", key)
    victim = b"/v1/documents/" + target.digest(target.victim).encode()
    document = {"kind": "bill-of-lading", "document": sample("bill-of-lading"), "readers": [READER]}
    status = {"status": "reinstated", "reason": 3}
    fresh = target.fresh()
    writing = [
        _post(b"/v1/documents", fresh.encode(), tenant, ENVELOPE),
        _post(b"/v1/documents", _json({"envelope": fresh}), tenant, JSON, (b"Idempotency-Key", b"k")),
        _post(b"/v1/documents", _json(document), tenant, JSON),
        _post(b"/v1/documents", _json({"envelope": fresh}) + b"\n" + _json(document) + b"\n", tenant, LINES),
        _post(b"/v1/verifications", target.genuine.encode(), ENVELOPE),
        _post(b"/v1/verifications", _json({"envelope": target.genuine, "relying_country": "SG", "at": "1"}), JSON),
        _post(b"/v1/verifications", _json({"digest": target.digest(target.genuine)}), JSON),
        _post(victim + b"/status", _json(status), tenant, JSON),
        _post(victim + b"/readers", _json({"reader": READER}), tenant, JSON),
    ]
    reading = [
        _get(victim),
        _get(victim + b"/payload", tenant),
        _get(victim + b"/readers", tenant),
        RawRequest(b"DELETE", victim + b"/readers/" + READER.encode(), (tenant,)),
        _get(b"/v1/readers/" + READER.encode(), tenant),
        _get(b"/v1/issuers?at=2026-11-22T08:00:00Z"),
        _get(b"/v1/issuers/" + CARRIER.encode()),
        _get(b"/v1/authorities"),
        _get(b"/v1/authorities/" + READER.encode() + b"?at=1790000000"),
        _get(b"/openapi.json"),
    ]
    return writing * 4 + reading


def _post(address: bytes, body: bytes, *headers: Header) -> RawRequest:
    return RawRequest(b"POST", address, headers, body)


def _get(address: bytes, *headers: Header) -> RawRequest:
    return RawRequest(b"GET", address, headers)


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
