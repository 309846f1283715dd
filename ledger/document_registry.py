"""The registry of what was anchored when, and of what became of each document (DocumentRegistry.sol)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from eth_utils.address import to_checksum_address

from ledger import registry_names
from ledger.abi import abi_of
from ledger.chain import Chain
from ledger.change_head import ChangeHead
from ledger.contract import Contract
from ledger.dated_list import Entry
from ledger.document_status import DocumentChange as DocumentChange
from ledger.document_status import Status as Status
from ledger.errors import Unavailable
from ledger.identifier import to_bytes32
from ledger.transaction import Call
from ledger.transaction_receipt import Log

NAME = registry_names.DOCUMENTS
_NONE = b"\0" * 32
_SPAN = 2_048

Batch = tuple[bytes, int, bytes]
"""Root, size and manifest digest: together they name a batch."""


@dataclass(frozen=True, slots=True)
class Anchoring:
    """Who anchored a batch, and when (block time)."""

    account: str
    anchored_at: int


@dataclass(frozen=True, slots=True)
class Anchored:
    """The event of an anchoring; `index` counts all anchorings from 0."""

    index: int
    root: bytes
    size: int
    manifest_digest: bytes
    anchored_at: int
    account: str
    block_number: int
    transaction_hash: bytes


@dataclass(frozen=True, slots=True)
class StatusChange:
    """What is to become of a document; `successor` (a digest) with SUPERSEDED only."""

    issuer: str
    digest: bytes
    status: Status
    reason: int = 0
    successor: bytes | None = None

    def fields(self) -> tuple[bytes, bytes, int, int, bytes]:
        """Return the change as the contract takes it."""
        successor = self.successor or _NONE
        return to_bytes32(self.issuer), self.digest, int(self.status), self.reason, successor


class DocumentRegistry:
    """Reads take `at`, a block number (None: the newest block), and raise as Contract does."""

    def __init__(self, chain: Chain, address: str) -> None:
        self.contract = Contract(chain, address, abi_of(NAME))

    # --- reads

    def anchoring(self, root: bytes, size: int, manifest_digest: bytes, at: int | None = None) -> Anchoring | None:
        """Return who anchored the batch and when; None if nobody did."""
        account, time = self.contract.read("anchoring", root, size, manifest_digest, at=at)
        return Anchoring(to_checksum_address(account), time) if time else None

    def anchored(self, from_block: int, to_block: int) -> list[Anchored]:
        """Return every anchoring in a range of blocks, both ends included, oldest first."""
        events = self.contract.events("Anchored", from_block, to_block)
        return [_anchored(fields, log) for fields, log in events]

    def all_anchored(self, from_block: int) -> Iterator[Anchored]:
        """Yield every anchoring from a block on up to the newest one, oldest first; some blocks are read at a time.

        Raises Unavailable `chain.logs` if the node leaves out some of what the registry has counted.
        """
        head = self.contract.chain.head()
        count = 0
        for start in range(from_block, head.number + 1, _SPAN):
            for one in self.anchored(start, min(head.number, start + _SPAN - 1)):
                count += 1
                yield one
        counted = self.changes(DocumentChange.ANCHORING, head.number).count
        if count != counted:
            detail = f"the registry has counted {counted} anchorings, the node's logs have {count}"
            raise Unavailable(
                "chain.logs", detail, mend="ask a node that keeps all logs since the registries' deployment"
            )

    def status_entries(self, issuer: str, digest: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return what became of the document (code: Status, detail: reason), oldest first."""
        return self.contract.read_entries("statusEntries", to_bytes32(issuer), digest, at=at)

    def hold_entries(self, issuer: str, digest: bytes, at: int | None = None) -> tuple[Entry, ...]:
        """Return since when who holds the document's suspension (ledger.issuer_registry.Power)."""
        return self.contract.read_entries("holdEntries", to_bytes32(issuer), digest, at=at)

    def successor(self, issuer: str, digest: bytes, at: int | None = None) -> bytes | None:
        """Return the digest of the document that takes its place; None if there is none."""
        successor = bytes(self.contract.read("successor", to_bytes32(issuer), digest, at=at))
        return successor if successor != _NONE else None

    def changes(self, kind: DocumentChange, at: int | None = None) -> ChangeHead:
        """Return the change count and running hash of one kind of change."""
        return self.contract.read_changes(kind, at)

    # --- by an anchor account of an authority in office

    def anchor(self, root: bytes, size: int, manifest_digest: bytes) -> Call:
        """Anchor a batch."""
        return self.contract.write("anchor", root, size, manifest_digest)

    def anchor_many(self, batches: Sequence[Batch]) -> Call:
        """Anchor several batches."""
        return self.contract.write("anchorMany", list(batches))

    def anchored_by(self, call: Call) -> tuple[Batch, ...]:
        """Return the batches that a call of this registry anchors; none for any other call, or one with other bytes."""
        if call.to != self.contract.address:
            return ()
        many = self.contract.abi.arguments("anchorMany", call.data)
        one = self.contract.abi.arguments("anchor", call.data)
        batches = many[0] if many else (one,) if one else ()
        return tuple((bytes(root), size, bytes(manifest)) for root, size, manifest in batches)

    # --- by the issuer's account, or an act account of its accreditor

    def set_status(self, change: StatusChange) -> Call:
        """Change the status of a document from this block on."""
        return self.contract.write("setStatus", change.fields())

    def set_statuses(self, changes: Sequence[StatusChange]) -> Call:
        """Change the status of several documents, all or none."""
        return self.contract.write("setStatuses", [change.fields() for change in changes])


def _anchored(fields: dict[str, Any], log: Log) -> Anchored:
    return Anchored(
        index=fields["index"],
        root=fields["root"],
        size=fields["size"],
        manifest_digest=fields["manifestDigest"],
        anchored_at=fields["anchoredAt"],
        account=to_checksum_address(fields["account"]),
        block_number=log.block_number,
        transaction_hash=log.transaction_hash,
    )
