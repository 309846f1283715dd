"""A report's file: the signed report, and the proof that lets anybody check it. JSON `{"report", "proof"}`."""

import json
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from ledger import base64url
from ledger.errors import Invalid
from ledger.strict_json import Limits, parse
from verifier.signed_report.proof import ReportProof

LIMITS = Limits(max_bytes=48 * 1024 * 1024, max_depth=2, max_members=8)
_MEMBERS = {"report", "proof"}
_MEND = "get the report's file again from whoever made it"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """jws: the compact JWS. Only it is signed; the proof can be taken away, or another one put in its place."""

    jws: str
    proof: ReportProof

    @property
    def digest(self) -> bytes:
        """SHA-256 of the signed report: its name, and its leaf when it is anchored."""
        return sha256(self.jws.encode("ascii")).digest()

    def to_json(self) -> dict[str, Any]:
        """Return the members of the file."""
        return {"report": self.jws, "proof": base64url.encode(self.proof.encode())}

    def encode(self) -> bytes:
        """Return the file's bytes."""
        return json.dumps(self.to_json(), indent=1).encode("ascii") + b"\n"

    @classmethod
    def read(cls, data: bytes) -> "ReportFile":
        """Read a file. Raises Invalid `json.*`, `report.file`, `report.proof`."""
        found = parse(data, LIMITS)
        if not isinstance(found, dict) or found.keys() != _MEMBERS:
            raise _malformed("", "exactly report and proof")
        jws, proof = found["report"], found["proof"]
        if not isinstance(jws, str) or not jws.isascii():
            raise _malformed("/report", "a compact JWS")
        if not isinstance(proof, str):
            raise _malformed("/proof", "a text")
        try:
            content = base64url.decode(proof)
        except Invalid as error:
            raise Invalid("report.proof", error.detail, pointer="/proof", mend=_MEND) from None
        return cls(jws, ReportProof.read(content))


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("report.file", f"a report's file needs {what} here", pointer=pointer, mend=_MEND)
