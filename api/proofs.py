"""Storage proofs of what an answer rests on: the block's header, the accounts and the slots under its state root."""

from collections.abc import Iterable, Sequence
from typing import Any

from api.node import Node
from ledger.account_proof import AccountProof, SlotProof
from ledger.block import Block
from ledger.block_header import BlockHeader
from ledger.errors import Invalid
from ledger.registry_slots import Fact
from ledger.state_proof import verify_state


def proofs_json(node: Node, block: Block, facts: Iterable[Fact]) -> dict[str, Any]:
    """Return the proofs of all facts in that block, and the proof that the block is final where one is held.

    Raises Unavailable `chain.*`, `database.*`.
    """
    by_contract: dict[str, list[Fact]] = {}
    for fact in dict.fromkeys(facts):
        by_contract.setdefault(fact.contract, []).append(fact)
    final = node.finality.proof_for(block.number)
    return {
        "header": "0x" + node.chain.header(block.number).hex(),
        "finality": final and {"block": final.number, "block_hash": "0x" + final.block_hash.hex(), **final.to_json()},
        "contracts": [_contract(node, name, some, block.number) for name, some in by_contract.items()],
    }


def check_proofs(proofs: dict[str, Any], block_hash: bytes) -> int:
    """Check every proof up to the header of the block with that hash; return how many slots are proved.

    Whether that block is final, and whether the addresses are those of the registries, is for the caller to judge.
    Raises Invalid `proof.*`, `finality.form`.
    """
    try:
        header = BlockHeader.from_rlp(_bytes(proofs["header"]))
        accounts = [_account(one) for one in proofs["contracts"]]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Invalid("proof.form", "the proofs cannot be read", mend="get the answer again") from None
    if header.hash() != block_hash:
        raise Invalid("proof.header", "the header is not that of the block that the answer names", mend="ask again")
    if not all(verify_state(header.state_root, account) for account in accounts):
        raise Invalid("proof.value", "there is no contract at the address stated", mend="check the network file")
    return sum(len(account.slots) for account in accounts)


def _contract(node: Node, name: str, facts: Sequence[Fact], number: int) -> dict[str, Any]:
    address = node.registries.contracts()[name].address
    slots = [fact.slot for fact in facts]
    proof = node.chain.proof(address, list(dict.fromkeys(slots)), number)
    return {
        "contract": name,
        "address": proof.address,
        "nonce": proof.nonce,
        "balance": hex(proof.balance),
        "code_hash": "0x" + proof.code_hash.hex(),
        "storage_root": "0x" + proof.storage_root.hex(),
        "proof": _nodes(proof.nodes),
        "slots": [_slot(fact, slot, proof.slots[slot]) for fact, slot in zip(facts, slots, strict=True)],
    }


def _slot(fact: Fact, slot: int, proof: SlotProof) -> dict[str, Any]:
    return {
        "what": fact.what,
        "variable": fact.label,
        "path": ["0x" + step.hex() if isinstance(step, bytes) else step for step in fact.path],
        "slot": f"0x{slot:064x}",
        "value": "0x" + proof.value.hex(),
        "proof": _nodes(proof.nodes),
    }


def _nodes(nodes: Sequence[bytes]) -> list[str]:
    return ["0x" + node.hex() for node in nodes]


def _account(stated: dict[str, Any]) -> AccountProof:
    slots = {
        int(one["slot"], 16): SlotProof(_bytes(one["value"]), tuple(map(_bytes, one["proof"])))
        for one in stated["slots"]
    }
    return AccountProof(
        address=stated["address"],
        nonce=int(stated["nonce"]),
        balance=int(stated["balance"], 16),
        code_hash=_bytes(stated["code_hash"]),
        storage_root=_bytes(stated["storage_root"]),
        nodes=tuple(map(_bytes, stated["proof"])),
        slots=slots,
    )


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.removeprefix("0x"))
