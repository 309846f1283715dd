"""A chain of which only headers can be asked: the JSON-RPC answers of a node, over headers made or recorded."""

from typing import Any

from eth_utils import keccak

from ledger.block_header import FIELDS, BlockHeader
from ledger.chain import Chain


class HeadersNode:
    """Answers with the blocks in `blocks`, the last one being the newest. `asked`: the numbers asked for."""

    def __init__(self, blocks: list[dict[str, Any]]) -> None:
        self.blocks = {int(block["number"], 16): block for block in blocks}
        self.asked: list[int] = []

    @property
    def chain(self) -> Chain:
        return Chain(self.request)

    def request(self, method: str, params: list[Any]) -> dict[str, Any]:
        assert method == "eth_getBlockByNumber"
        if params[0] == "latest":
            return {"result": self.blocks[max(self.blocks)]}
        number = int(params[0], 16)
        self.asked.append(number)
        return {"result": self.blocks.get(number)}

    def replace(self, blocks: list[dict[str, Any]]) -> None:
        """The chain is another one from the first of these on."""
        first = int(blocks[0]["number"], 16)
        self.blocks = {number: block for number, block in self.blocks.items() if number < first}
        self.blocks |= {int(block["number"], 16): block for block in blocks}


def stated(raw: bytes) -> dict[str, Any]:
    """A header as a node states it."""
    header = BlockHeader.from_rlp(raw)
    fields = zip(FIELDS, header.fields, strict=False)
    block = {
        field.name: hex(int.from_bytes(value, "big")) if field.is_number else _hex(value) for field, value in fields
    }
    return block | {"hash": _hex(keccak(raw)), "size": "0x400", "transactions": [], "uncles": []}


def _hex(value: bytes) -> str:
    return f"0x{value.hex()}"
