"""Reading an evidence file that a stranger may have made: bounded first, then exactly the one form it can have."""

from hashlib import sha256
from itertools import pairwise
from typing import Any

from anchors.cbor_items import check_items
from ledger.deterministic_cbor import decode
from ledger.envelope.limits import MAX_BYTES as LONGEST_ENVELOPE
from ledger.errors import Invalid
from verifier.evidence_file import MAX_BYTES, VERSION, EvidenceFile
from verifier.record import Record
from verifier.subject import Subject

MOST_NODES = 100_000
MOST_ITEMS = 110_000
MOST_HAND_OVERS = 64
_LONGEST_NODE, _LONGEST_HEADER, _LONGEST_PATH, _LONGEST_TEXT = 600, 65_536, 64, 128
_HASH_SIZE, _LARGEST = 32, 2**64
_MEND = "get the file again from whoever made it, or have a new one made: `portseal evidence`"


def read_evidence(data: bytes) -> EvidenceFile:
    """Read a file. Raises Invalid `evidence.size`, `evidence.form`, `evidence.version`, `evidence.damaged`."""
    if len(data) > MAX_BYTES:
        raise Invalid("evidence.size", f"an evidence file has at most {MAX_BYTES} bytes", mend=_MEND)
    check_items(data, MOST_ITEMS, "evidence")
    found = decode(data, "evidence")
    _check_version(found)
    names = ("v", "chain", "document", "record", "finality", "hand_overs", "nodes", "relying_country", "made")
    parts = _members(found, "", names)
    chain, made = _members(parts["chain"], "/chain", ("id", "genesis")), _members(parts["made"], "/made", ("at", "by"))
    digest, envelope = _document(parts["document"])
    if not isinstance(parts["finality"], dict):
        raise _malformed("/finality", "a proof of finality")
    return EvidenceFile(
        chain_id=_number(chain["id"], "/chain/id"),
        genesis_hash=_bytes(chain["genesis"], "/chain/genesis"),
        digest=digest,
        envelope=envelope,
        record=_record(parts["record"]),
        finality=parts["finality"],
        nodes=_nodes(parts["nodes"]),
        hand_overs=tuple(_list(parts["hand_overs"], "/hand_overs", MOST_HAND_OVERS, _LONGEST_HEADER)),
        relying_country=_optional_text(parts["relying_country"], "/relying_country"),
        made_at=_number(made["at"], "/made/at"),
        made_by=_text(made["by"], "/made/by"),
    )


def _check_version(found: Any) -> None:
    version = found.get("v") if isinstance(found, dict) else None
    if type(version) is not int:
        raise _malformed("/v", "its version")
    if version != VERSION:
        detail = f"the file is of version {version}, and this software reads version {VERSION}"
        raise Invalid("evidence.version", detail, mend="use a newer edition of Portseal")


def _document(value: Any) -> tuple[bytes, str | None]:
    if isinstance(value, dict) and len(value) == 1:
        return _bytes(_members(value, "/document", ("digest",))["digest"], "/document/digest"), None
    found = _members(value, "/document", ("digest", "envelope", "sha256"))
    digest = _bytes(found["digest"], "/document/digest")
    envelope = _text(found["envelope"], "/document/envelope", LONGEST_ENVELOPE)
    # Whatever happened to the file must not be taken for a fault of the document.
    if not envelope.isascii() or sha256(envelope.encode("ascii")).digest() != found["sha256"]:
        raise Invalid("evidence.damaged", "the envelope in the file is not the one that was put into it", mend=_MEND)
    if Subject.presented(envelope).digest not in (digest, None):
        raise Invalid("evidence.damaged", "the envelope in the file has another digest than the file", mend=_MEND)
    return digest, envelope


def _record(value: Any) -> Record:
    names = ("issuer", "kind", "root", "size", "manifest", "index", "path", "payload", "transaction", "block")
    found = _members(value, "/record", names)
    at = "/record"
    transaction, block = found["transaction"], found["block"]
    path = tuple(_list(found["path"], f"{at}/path", _LONGEST_PATH, _HASH_SIZE))
    if any(len(one) != _HASH_SIZE for one in path):
        raise _malformed(f"{at}/path", "hashes of 32 bytes")
    batch = (
        _bytes(found["root"], f"{at}/root"),
        _number(found["size"], f"{at}/size"),
        _bytes(found["manifest"], f"{at}/manifest"),
    )
    return Record(
        issuer=_text(found["issuer"], f"{at}/issuer"),
        kind=_text(found["kind"], f"{at}/kind"),
        batch=batch,
        index=_number(found["index"], f"{at}/index"),
        path=path,
        payload_cid=_optional_text(found["payload"], f"{at}/payload"),
        transaction=None if transaction is None else _bytes(transaction, f"{at}/transaction"),
        block_number=None if block is None else _number(block, f"{at}/block"),
    )


def _nodes(value: Any) -> tuple[bytes, ...]:
    nodes = _list(value, "/nodes", MOST_NODES, _LONGEST_NODE)
    if any(one >= next_ for one, next_ in pairwise(nodes)):
        raise _malformed("/nodes", "nodes in ascending order, each once")
    return tuple(nodes)


def _members(value: Any, pointer: str, names: tuple[str, ...]) -> dict[str, Any]:
    if not isinstance(value, dict) or value.keys() != set(names):
        raise _malformed(pointer, f"exactly {', '.join(names)}")
    return value


def _list(value: Any, pointer: str, most: int, longest: int) -> list[bytes]:
    if not isinstance(value, list) or len(value) > most:
        raise _malformed(pointer, f"a list of at most {most}")
    if not all(isinstance(one, bytes) and len(one) <= longest for one in value):
        raise _malformed(pointer, f"byte strings of at most {longest} bytes")
    return value


def _bytes(value: Any, pointer: str) -> bytes:
    if not isinstance(value, bytes) or len(value) != _HASH_SIZE:
        raise _malformed(pointer, "32 bytes")
    return value


def _number(value: Any, pointer: str) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise _malformed(pointer, "a whole number from 0 to 2^64-1")
    return value


def _text(value: Any, pointer: str, longest: int = _LONGEST_TEXT) -> str:
    if not isinstance(value, str) or len(value) > longest:
        raise _malformed(pointer, f"a text of at most {longest} characters")
    return value


def _optional_text(value: Any, pointer: str) -> str | None:
    return None if value is None else _text(value, pointer)


def _malformed(pointer: str, what: str) -> Invalid:
    return Invalid("evidence.form", f"an evidence file needs {what} here", pointer=pointer, mend=_MEND)
