"""What a report's signer and facts are proved by: the block's proof of finality, and nodes of the state under it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from anchors.cbor_items import check_items
from ledger.deterministic_cbor import decode, encode
from ledger.errors import Invalid
from verifier.evidence_form import MOST_HAND_OVERS, MOST_ITEMS, MOST_NODES

VERSION = 1
MAX_BYTES = 24 * 1024 * 1024
_MEMBERS = {"v", "finality", "hand_overs", "nodes"}
_LONGEST_NODE, _LONGEST_HEADER = 600, 65_536


@dataclass(frozen=True, slots=True)
class ReportProof:
    """finality: packed, as in an evidence file; so are hand_overs and nodes. Nothing of it needs to be believed."""

    finality: Mapping[str, Any]
    hand_overs: tuple[bytes, ...]
    nodes: tuple[bytes, ...] = field(repr=False)

    def encode(self) -> bytes:
        """Return deterministic CBOR."""
        return encode(
            {
                "v": VERSION,
                "finality": dict(self.finality),
                "hand_overs": list(self.hand_overs),
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
        nodes = _list(found["nodes"], MOST_NODES, _LONGEST_NODE)
        if any(one >= next_ for one, next_ in pairwise(nodes)):
            raise _malformed("nodes in ascending order, each once")
        return cls(found["finality"], _list(found["hand_overs"], MOST_HAND_OVERS, _LONGEST_HEADER), nodes)


def _list(value: Any, most: int, longest: int) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > most:
        raise _malformed(f"a list of at most {most}")
    if not all(isinstance(one, bytes) and len(one) <= longest for one in value):
        raise _malformed(f"byte strings of at most {longest} bytes")
    return tuple(value)


def _malformed(what: str) -> Invalid:
    return Invalid("report.proof", f"the proof of a report needs {what}")
