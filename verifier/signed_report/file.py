"""A report's file: the report, and what lets anybody check it. JSON, `{"report", "proof"}` and perhaps `"anchor"`."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger import base64url
from ledger.errors import Invalid
from ledger.strict_json import Limits, parse
from verifier.evidence_file import EvidenceFile
from verifier.evidence_reading import read_evidence
from verifier.signed_report.proof import ReportProof

LIMITS = Limits(max_bytes=48 * 1024 * 1024, max_depth=2, max_members=8)
_MEMBERS, _MORE = {"report", "proof"}, {"anchor"}
_MEND = "get the report's file again from whoever made it"
_FETCH_ANCHOR = "fetch it again: `portseal report anchor FILE`; without the member the report itself can be checked"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """jws: the compact JWS. Only it is signed; the rest can be taken away, or another one put in its place.

    anchor: evidence of the anchor of `digest`, where it was anchored and somebody fetched that.
    """

    jws: str
    proof: ReportProof
    anchor: EvidenceFile | None = None

    @property
    def digest(self) -> bytes:
        """SHA-256 of the signed report: its name, and its leaf where it is anchored."""
        return sha256(self.jws.encode("ascii")).digest()

    def to_json(self) -> dict[str, Any]:
        """Return the members of the file."""
        members = {"report": self.jws, "proof": base64url.encode(self.proof.encode())}
        return members | ({"anchor": base64url.encode(self.anchor.encode())} if self.anchor else {})

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return json.dumps(self.to_json(), indent=1).encode("ascii") + b"\n"

    @classmethod
    def read(cls, data: bytes) -> "ReportFile":
        """Read a file. Raises Invalid `json.*`, `report.file`, `report.proof`, `report.anchor`."""
        found = parse(data, LIMITS)
        if not isinstance(found, dict) or found.keys() - _MORE != _MEMBERS:
            raise _malformed("", "report and proof, and at most anchor beside them,")
        jws = found["report"]
        if not isinstance(jws, str) or not jws.isascii():
            raise _malformed("/report", "a compact JWS")
        proof = ReportProof.read(_decoded(found, "proof"))
        return cls(jws, proof, _anchor(_decoded(found, "anchor")) if "anchor" in found else None)


def _anchor(content: bytes) -> EvidenceFile:
    try:
        return read_evidence(content)
    except Invalid as error:
        where = f"/anchor{error.pointer or ''}"
        raise Invalid("report.anchor", error.detail, pointer=where, mend=_FETCH_ANCHOR) from None


def _decoded(members: dict[str, Any], name: str) -> bytes:
    if not isinstance(members[name], str):
        raise _malformed(f"/{name}", "a text")
    try:
        return base64url.decode(members[name])
    except Invalid as error:
        raise Invalid(f"report.{name}", error.detail, pointer=f"/{name}", mend=_MEND) from None


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("report.file", f"a report's file needs {what} here", pointer=pointer, mend=_MEND)
