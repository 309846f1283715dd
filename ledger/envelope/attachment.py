"""Files that belong to a document: the envelope states name, media type and SHA-256 of each, withholdable singly."""

import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ledger.errors import Invalid
from ledger.strict_json import JSONValue

# RFC 6838 §4.2
_RESTRICTED_NAME = r"[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}"
_MEDIA_TYPE = re.compile(f"{_RESTRICTED_NAME}/{_RESTRICTED_NAME}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST_NAME = 255


@dataclass(frozen=True)
class Attachment:
    """A file with its name (no path), its media type without parameters, and its bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    def statement(self) -> dict[str, JSONValue]:
        """Return what the envelope states of it: name, media_type, sha256 (64 lower-case hex characters)."""
        return {
            "name": self.name,
            "media_type": self.media_type,
            "sha256": hashlib.sha256(self.content).hexdigest(),
        }


def check_statements(statements: Sequence[Any]) -> None:
    """Raise Invalid `attachment.form` or `attachment.duplicate` for statements that no envelope may hold."""
    for statement in statements:
        _check_statement(statement)
    names = [statement["name"] for statement in statements]
    if len(set(names)) != len(names):
        raise Invalid("attachment.duplicate", "two attachments have one name", mend="give each its own name")


def match(statements: Sequence[Mapping[str, Any]], attachments: Sequence[Attachment], *, complete: bool) -> None:
    """Raise Invalid unless each attachment is one of the stated ones, and if `complete` each stated one is there.

    Codes: `attachment.unnamed`, `attachment.hash`, `attachment.media-type`, `attachment.duplicate`,
    `attachment.missing`.
    """
    stated = {statement["name"]: statement for statement in statements}
    for attachment in attachments:
        _check_against(stated.get(attachment.name), attachment)
    given = [attachment.name for attachment in attachments]
    if len(set(given)) != len(given):
        raise Invalid("attachment.duplicate", "one attachment is given twice", mend="give each once")
    if complete and set(stated) - set(given):
        raise Invalid(
            "attachment.missing",
            f"{len(set(stated) - set(given))} of the attachments that the envelope names are not given",
            mend="give every attachment that the envelope names",
        )


def _check_against(statement: Mapping[str, Any] | None, attachment: Attachment) -> None:
    if statement is None:
        raise Invalid(
            "attachment.unnamed",
            "the envelope names no such attachment, or its statement is withheld",
            mend="leave the attachment out, or present the envelope with its statement",
        )
    told = attachment.statement()
    if statement["sha256"] != told["sha256"]:
        raise Invalid(
            "attachment.hash", "an attachment is not the file that was signed", mend="ask the issuer for the original"
        )
    if statement["media_type"] != told["media_type"]:
        raise Invalid(
            "attachment.media-type",
            "an attachment is given with another media type than was signed",
            mend="give it with the media type that the envelope states",
        )


def _check_statement(statement: Any) -> None:
    if not isinstance(statement, dict) or set(statement) != {"name", "media_type", "sha256"}:
        raise _bad_form("it is not exactly name, media_type and sha256")
    if not all(isinstance(value, str) for value in statement.values()):
        raise _bad_form("a member is not a text")
    if not _is_file_name(statement["name"]):
        raise _bad_form(f"its name is no plain file name of 1 to {_LONGEST_NAME} characters")
    if not _MEDIA_TYPE.fullmatch(statement["media_type"]):
        raise _bad_form("its media type is not type/subtype")
    if not _SHA256.fullmatch(statement["sha256"]):
        raise _bad_form("its SHA-256 is not 64 lower-case hex characters")


def _is_file_name(name: str) -> bool:
    # Whoever saves an attachment under its name must not be led out of the folder, nor shown another name.
    hidden = any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp") for character in name)
    plain = name not in ("", ".", "..") and not set(name) & set("/\\")
    return plain and not hidden and len(name) <= _LONGEST_NAME


def _bad_form(detail: str) -> Invalid:
    return Invalid(
        "attachment.form",
        f"the statement of an attachment is wrong: {detail}",
        pointer="/attachments",
        mend="give a file name without path, a media type like application/pdf, and the SHA-256 in hex",
    )
