"""Reading an evidence file that a stranger may have made: bounded first, then exactly the one form it can have."""

from hashlib import sha256
from typing import Any

from ledger.envelope.limits import MAX_BYTES as LONGEST_ENVELOPE
from ledger.errors import Invalid
from verifier.evidence_file import VERSION, EvidenceFile
from verifier.evidence_form import (
    HASH_SIZE,
    MEND,
    bytes_,
    hand_overs,
    list_,
    malformed,
    members,
    nodes,
    number,
    optional_text,
    read_form,
    text,
)
from verifier.hand_over_file import VERSION as HAND_OVER_VERSION
from verifier.hand_over_file import HandOverFile
from verifier.record import Record

_LONGEST_PATH = 64


def read_evidence(data: bytes) -> EvidenceFile:
    """Read a file. Raises Invalid `evidence.size`, `evidence.form`, `evidence.version`, `evidence.damaged`."""
    found = read_form(data, VERSION)
    names = ("v", "chain", "document", "record", "finality", "hand_overs", "nodes", "relying_country", "made")
    parts = members(found, "", names)
    chain, made = members(parts["chain"], "/chain", ("id", "genesis")), members(parts["made"], "/made", ("at", "by"))
    digest, envelope = _document(parts["document"])
    if not isinstance(parts["finality"], dict):
        raise malformed("/finality", "a proof of finality")
    file = EvidenceFile(
        chain_id=number(chain["id"], "/chain/id"),
        genesis_hash=bytes_(chain["genesis"], "/chain/genesis"),
        digest=digest,
        envelope=envelope,
        record=_record(parts["record"]),
        finality=parts["finality"],
        nodes=nodes(parts["nodes"]),
        hand_overs=hand_overs(parts["hand_overs"]),
        relying_country=optional_text(parts["relying_country"], "/relying_country"),
        made_at=number(made["at"], "/made/at"),
        made_by=text(made["by"], "/made/by"),
    )
    if file.subject.digest not in (digest, None):
        raise Invalid("evidence.damaged", "the envelope in the file has another digest than the file", mend=MEND)
    return file


def read_hand_overs(data: bytes) -> HandOverFile:
    """Read the hand-overs of a file of them, or of an evidence file. Raises Invalid as `read_evidence` does."""
    found = read_form(data, HAND_OVER_VERSION)
    if "document" in found:
        return read_evidence(data).handing_over
    parts = members(found, "", ("v", "chain", "hand_overs", "nodes"))
    chain = members(parts["chain"], "/chain", ("id", "genesis"))
    return HandOverFile(
        chain_id=number(chain["id"], "/chain/id"),
        genesis_hash=bytes_(chain["genesis"], "/chain/genesis"),
        hand_overs=hand_overs(parts["hand_overs"]),
        nodes=nodes(parts["nodes"]),
    )


def _document(value: Any) -> tuple[bytes, str | None]:
    if isinstance(value, dict) and len(value) == 1:
        return bytes_(members(value, "/document", ("digest",))["digest"], "/document/digest"), None
    found = members(value, "/document", ("digest", "envelope", "sha256"))
    digest = bytes_(found["digest"], "/document/digest")
    envelope = text(found["envelope"], "/document/envelope", LONGEST_ENVELOPE)
    # Whatever happened to the file must not be taken for a fault of the document.
    if not envelope.isascii() or sha256(envelope.encode("ascii")).digest() != found["sha256"]:
        raise Invalid("evidence.damaged", "the envelope in the file is not the one that was put into it", mend=MEND)
    return digest, envelope


def _record(value: Any) -> Record:
    names = ("issuer", "kind", "root", "size", "manifest", "index", "path", "payload", "transaction", "block")
    found = members(value, "/record", names)
    at = "/record"
    transaction, block = found["transaction"], found["block"]
    path = tuple(list_(found["path"], f"{at}/path", _LONGEST_PATH, HASH_SIZE))
    if any(len(one) != HASH_SIZE for one in path):
        raise malformed(f"{at}/path", "hashes of 32 bytes")
    batch = (
        bytes_(found["root"], f"{at}/root"),
        number(found["size"], f"{at}/size"),
        bytes_(found["manifest"], f"{at}/manifest"),
    )
    return Record(
        issuer=text(found["issuer"], f"{at}/issuer"),
        kind=text(found["kind"], f"{at}/kind"),
        batch=batch,
        index=number(found["index"], f"{at}/index"),
        path=path,
        payload_cid=optional_text(found["payload"], f"{at}/payload"),
        transaction=None if transaction is None else bytes_(transaction, f"{at}/transaction"),
        block_number=None if block is None else number(block, f"{at}/block"),
    )
