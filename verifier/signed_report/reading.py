"""Reading a signed report: its one form first, whoever signed it."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema_rs import Draft202012Validator

from ledger import base64url
from ledger.compact_jws import CompactJws, read
from ledger.errors import Invalid
from ledger.json_fault import printable
from ledger.json_pointer import append
from ledger.kinds.schema import compiled
from ledger.strict_json import Limits, parse
from verifier.policy import Policy
from verifier.question import Question
from verifier.record import Record
from verifier.signed_report.claims import TYPE, VERSION
from verifier.signed_report.policy_claims import policy_of
from verifier.signed_report.record_claims import record_of
from verifier.subject import Subject

LIMITS = Limits(max_bytes=16 * 1024 * 1024, max_depth=16, max_members=1_000_000)
SCHEMA = Path(__file__).with_name("report.1.json")
_MEND = "get the report again from whoever made it"


@dataclass(frozen=True, slots=True)
class Report:
    """A report of the right form; whether anybody signed it, `check_report` tells."""

    token: CompactJws
    claims: dict[str, Any]

    @property
    def thumbprint(self) -> bytes:
        """The RFC 7638 thumbprint of the key that it says it is signed with."""
        return base64url.decode(self.token.kid)

    @property
    def digest(self) -> bytes | None:
        """The document's digest; None where what was presented could not be read."""
        digest = self.claims["document"]["digest"]
        return bytes.fromhex(digest) if digest else None

    @property
    def bare(self) -> Subject | None:
        """What was asked about, where that was a digest and no document."""
        is_bare = self.claims["document"]["presented"] == "digest" and self.digest
        return Subject.named(self.digest) if is_bare and self.digest else None

    @property
    def question(self) -> Question:
        """What was asked. Raises Invalid `question.time`, `country.form`."""
        asked = self.claims["verdict"]["asked"]
        return Question(at=asked["at"], known_at=asked["known_at"], relying_country=asked["relying_country"])

    @property
    def record(self) -> Record | None:
        """How the document was anchored, as the signer's archive had it."""
        anchor = self.claims["anchor"]
        return record_of(anchor) if anchor else None

    @property
    def policy(self) -> Policy:
        """The policy that it was judged by. Raises Invalid `report.policy`."""
        return policy_of(self.claims["policy"])


def read_report(jws: str) -> Report:
    """Read a compact JWS. Raises Invalid `report.*`: of the JWS as `compact_jws.read`, `.version`, `.claims`."""
    token = read(jws, TYPE, LIMITS, family="report")
    version = token.claims.get("v")
    if type(version) is int and version != VERSION:
        detail = f"the report is of version {version}, and this software reads version {VERSION}"
        raise Invalid("report.version", detail, pointer="/v", mend="use a newer edition of Portseal")
    for error in _schema().iter_errors(token.claims):
        pointer = ""
        for step in error.instance_path:
            pointer = append(pointer, step)
        detail = "a member of the report is not what the schema of reports wants"
        raise Invalid("report.claims", detail, pointer=printable(pointer), mend=_MEND)
    return Report(token, token.claims)


@cache
def _schema() -> Draft202012Validator:
    schema = parse(SCHEMA.read_bytes())
    assert isinstance(schema, dict)  # noqa: S101 - a file of ours
    return compiled(schema)
