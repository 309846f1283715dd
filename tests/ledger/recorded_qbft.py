"""The recorded QBFT network in ../shared/vectors/chain (its NOTES.md says how it verifies)."""

import json
from pathlib import Path
from typing import Any

import pytest
from eth_utils import to_checksum_address

from ledger.account_proof import AccountProof, SlotProof
from ledger.finality.validator_sets import ValidatorRange, ValidatorSets
from ledger.header_answer import header_of

PATH = Path(__file__).parents[2].parent / "shared" / "vectors" / "chain" / "qbft-4-validators.json"
needed = pytest.mark.skipif(not PATH.is_file(), reason="../shared/vectors/chain is not there")

RECORDED: dict[str, Any] = (
    json.loads(PATH.read_text()) if PATH.is_file() else {"blocks": [], "cases": [], "validators": []}
)
VALIDATORS = tuple(to_checksum_address(one) for one in RECORDED["validators"])
BLOCKS = RECORDED["blocks"]


def sets(*validators: str, start: int = 0) -> ValidatorSets:
    return ValidatorSets((ValidatorRange(start, validators or VALIDATORS),))


def header(number: int) -> bytes:
    """The header of a recorded block as RLP, its hash checked."""
    return header_of(BLOCKS[number], number).rlp


def proof(case: dict[str, Any]) -> AccountProof:
    """A recorded proof in our own form."""
    found = case["proof"]
    return AccountProof(
        address=to_checksum_address(found["address"]),
        nonce=int(found["nonce"], 16),
        balance=int(found["balance"], 16),
        code_hash=bytes.fromhex(found["codeHash"][2:]),
        storage_root=bytes.fromhex(found["storageHash"][2:]),
        nodes=_nodes(found["accountProof"]),
        slots={
            int(one["key"], 16): SlotProof(int(one["value"], 16).to_bytes(32, "big"), _nodes(one["proof"]))
            for one in found["storageProof"]
        },
    )


def _nodes(stated: list[str]) -> tuple[bytes, ...]:
    return tuple(bytes.fromhex(node[2:]) for node in stated)
