"""Every kind of change that a registry counts and hashes, and the event that tells of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Any, cast

from eth_utils.abi import get_abi_input_types

from contracts import artifact
from ledger import authority_registry, document_registry, issuer_registry, operator_registry, recognition_registry
from ledger.abi import abi_of
from ledger.authority import AuthorityChange
from ledger.document_registry import DocumentChange
from ledger.issuer_registry import IssuerChange
from ledger.operator import OperatorChange
from ledger.recognition import RecognitionChange


@dataclass(frozen=True)
class ChangeKind:
    """One kind: `contract` and `event` as in Solidity, `registry` and `name` as everywhere else (`cn`-like words).

    The first member of the event is the index of the change; the others are what is hashed (ChangeLog.sol).
    """

    contract: str
    registry: str
    change: IntEnum
    event: str

    @property
    def word(self) -> str:
        """The kind within its registry (`service-key`)."""
        return self.change.name.lower().replace("_", "-")

    @property
    def name(self) -> str:
        """The kind among all (`authority-registry.service-key`), as checkpoints name its head."""
        return f"{self.registry}.{self.word}"

    @cached_property
    def topic(self) -> bytes:
        """The first topic of the event."""
        return abi_of(self.contract).topic(self.event)

    @cached_property
    def members(self) -> Sequence[str]:
        """The names of the members that are hashed, in order, as in Solidity."""
        return tuple(str(member["name"]) for member in self._event["inputs"][1:])

    @cached_property
    def types(self) -> Sequence[str]:
        """Their types; each has a fixed length, so the topics and the data of a log are their ABI encoding."""
        return tuple(get_abi_input_types(cast(Any, {**self._event, "type": "function"})))[1:]

    @cached_property
    def _event(self) -> dict[str, Any]:
        elements = artifact(self.contract).abi
        return next(dict(one) for one in elements if one["type"] == "event" and one["name"] == self.event)


def _kinds(contract: str, registry: str, events: dict[IntEnum, str]) -> list[ChangeKind]:
    return [ChangeKind(contract, registry, change, event) for change, event in events.items()]


KINDS: Sequence[ChangeKind] = (
    *_kinds(
        authority_registry.NAME,
        "authority-registry",
        {
            AuthorityChange.MEMBER: "MemberChanged",
            AuthorityChange.AUTHORITY: "AuthorityChanged",
            AuthorityChange.ACCOUNT: "AccountChanged",
            AuthorityChange.SERVICE_KEY: "ServiceKeyChanged",
            AuthorityChange.PROPOSAL: "ProposalChanged",
            AuthorityChange.QUORUM: "QuorumChanged",
            AuthorityChange.SUCCESSOR: "SuccessorNamed",
        },
    ),
    *_kinds(
        issuer_registry.NAME,
        "issuer-registry",
        {
            IssuerChange.ISSUER: "IssuerChanged",
            IssuerChange.ACCREDITATION: "AccreditationChanged",
            IssuerChange.ACCOUNT: "AccountChanged",
            IssuerChange.KEY: "KeyChanged",
            IssuerChange.BODY: "BodyChanged",
            IssuerChange.SCOPE: "ScopeChanged",
            IssuerChange.HOLD: "HoldChanged",
        },
    ),
    *_kinds(
        document_registry.NAME,
        "document-registry",
        {
            DocumentChange.ANCHORING: "Anchored",
            DocumentChange.STATUS: "StatusChanged",
            DocumentChange.HOLD: "HoldChanged",
        },
    ),
    *_kinds(
        recognition_registry.NAME,
        "recognition-registry",
        {
            RecognitionChange.ARRANGEMENT: "ArrangementProposed",
            RecognitionChange.PARTY: "PartyChanged",
            RecognitionChange.OFFER: "OfferChanged",
            RecognitionChange.RECOGNITION: "RecognitionChanged",
            RecognitionChange.SUSPENSION: "SuspensionChanged",
        },
    ),
    *_kinds(
        operator_registry.NAME,
        "operator-registry",
        {
            OperatorChange.OPERATOR: "OperatorChanged",
            OperatorChange.SUSPENSION: "SuspensionChanged",
            OperatorChange.ALIAS: "AliasChanged",
        },
    ),
)
REGISTRIES: Sequence[str] = tuple(dict.fromkeys(kind.registry for kind in KINDS))


def kind_of(contract: str, topic: bytes) -> ChangeKind | None:
    """Return the kind of change that an event of this contract tells of; None if it is none."""
    return _BY_TOPIC.get((contract, topic))


def kind_named(name: str) -> ChangeKind | None:
    """Return the kind of this name (`operator-registry.suspension`); None if there is none."""
    return _BY_NAME.get(name)


_BY_TOPIC = {(kind.contract, kind.topic): kind for kind in KINDS}
_BY_NAME = {kind.name: kind for kind in KINDS}
