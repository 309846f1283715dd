"""What the tests of the answers write to the chain of a demonstration node, under a programme of its own."""

from dataclasses import dataclass

from eth_utils.crypto import keccak

from ledger.authority import Role
from ledger.operator import Alias, AliasGrant, Grant, operator_id
from ledger.recognition import Arrangement, Direction, Terms
from ledger.recognition_registry import offer_id
from ledger.trade_role import TradeRole
from ledger.transaction import Call, submit
from tests.demonstration_node import Api

PROGRAMME = "pilot"
TREATY = "cn.pilot"
CODE, ALIAS = "AEOCN26AB04417Z", "CN/0417 Z"
BENEFITS = b"\x05" * 32


@dataclass(frozen=True)
class Told:
    api: Api

    def by(self, authority: str, call: Call) -> int:
        """Make the call by an authority's account; return the time of its block."""
        node, account = self.api.node, self.api.established.keys.accounts[authority, Role.ACT]
        receipt = submit(node.chain, account, call)
        block = node.chain.block(receipt.block_number)
        assert block is not None
        return block.timestamp

    def agree(self, terms: Terms) -> int:
        registry = self.api.node.registries.recognition
        self.by(f"{terms.recogniser.lower()}.customs", registry.offer([terms]))
        return self.by(f"{terms.recognised.lower()}.customs", registry.accept([offer_id(terms)]))


def tell(api: Api) -> Told:
    """China and Singapore recognise each other; Korea has only signed; Japan has nothing to do with it."""
    told, registries = Told(api), api.node.registries
    registry = registries.recognition
    if TREATY in registry.arrangements():
        return told
    told.by("cn.customs", registry.propose_arrangement(Arrangement(TREATY, PROGRAMME), ["SG", "KR"], 1_700_000_000))
    for country in ("sg", "kr"):
        told.by(f"{country}.customs", registry.accept_arrangement(TREATY, 1_700_000_000))
    told.agree(Terms(TREATY, "CN", "SG", effective_from=1_710_000_000, benefits=BENEFITS))
    told.agree(Terms(TREATY, "SG", "CN", TradeRole.EXPORTER, effective_from=1_710_000_000))
    operators = registries.operator
    grants = [Grant(CODE, 2, TradeRole.EXPORTER, 1_720_000_000), Grant("AEOCN26AB0448", 1, TradeRole.CARRIER)]
    told.by("cn.customs", operators.grant(grants))
    alias = Alias(operator_id(CODE), "sg.customs", ALIAS)
    told.by("cn.customs", operators.add_aliases([AliasGrant(alias)]))
    assert operator_id(CODE) == keccak(CODE.encode())
    return told


def direction(by: str, of: str) -> Direction:
    return Direction(PROGRAMME, by, of)
