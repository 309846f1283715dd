"""What a report's signer and facts are proved by: the block's proof of finality, and nodes of the state under it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from anchors.cbor_items import check_items
from ledger.deterministic_cbor import decode, encode
from ledger.errors import Invalid
from verifier.evidence_form import MOST_ITEMS, MOST_NODES
from verifier.hand_over_file import MOST_HAND_OVERS, HandOver, are_hand_overs, plain

VERSION = 1
MAX_BYTES = 24 * 1024 * 1024
_MEMBERS = {"v", "finality", "hand_overs", "nodes"}
_LONGEST_NODE = 600


@dataclass(frozen=True, slots=True)
class ReportProof:
    """finality: packed, as in an evidence file; so are hand_overs and nodes. Nothing of it needs to be believed."""

    finality: Mapping[str, Any]
    hand_overs: tuple[HandOver, ...]
    nodes: tuple[bytes, ...] = field(repr=False)

    def encode(self) -> bytes:
        """Return deterministic CBOR."""
        return encode(
            {
                "v": VERSION,
                "finality": dict(self.finality),
                "hand_overs": plain(self.hand_overs),
                "nodes": list(self.nodes),
            }
        )

    @classmethod
    def read(cls, data: bytes) -> "ReportProof":
        """Read what a stranger may have made. Raises Invalid `report.proof`."""
        try:
            return cls._read(data)
        except Invalid as error:
            mend = "get the report's file again: the proof beside the signed report is damaged"
            raise Invalid("report.proof", error.detail, pointer="/proof", mend=mend) from None

    @classmethod
    def _read(cls, data: bytes) -> "ReportProof":
        if len(data) > MAX_BYTES:
            raise _malformed(f"at most {MAX_BYTES} bytes")
        check_items(data, MOST_ITEMS, "proof")
        found = decode(data, "proof")
        if not isinstance(found, dict) or found.keys() != _MEMBERS:
            raise _malformed(f"exactly {', '.join(sorted(_MEMBERS))}")
        if type(found["v"]) is not int or found["v"] != VERSION:
            raise _malformed(f"the version {VERSION}")
        if not isinstance(found["finality"], dict):
            raise _malformed("a proof of finality")
        hand_overs, nodes = found["hand_overs"], _nodes(found["nodes"])
        if not are_hand_overs(hand_overs):
            raise _malformed(f"at most {MOST_HAND_OVERS} checkpoints or headers in the list of hand-overs")
        if any(one >= next_ for one, next_ in pairwise(nodes)):
            raise _malformed("nodes in ascending order, each once")
        return cls(found["finality"], tuple(hand_overs), nodes)


def _nodes(value: Any) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MOST_NODES:
        raise _malformed(f"a list of at most {MOST_NODES} nodes")
    if not all(isinstance(one, bytes) and len(one) <= _LONGEST_NODE for one in value):
        raise _malformed(f"byte strings of at most {_LONGEST_NODE} bytes")
    return tuple(value)


def _malformed(what: str) -> Invalid:
    return Invalid("report.proof", f"the proof of a report needs {what}")
