"""Did a node say what it cannot prove, or something else than another node?"""

from verifier.axes import Usable
from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

NODE: Entries = {
    "node.not-proved": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The node says something that its proofs do not show: it is faulty, or it lies.",
        zh="节点所述内容未被其证明所证实：该节点有故障或在说谎。",
        remedy_en="Verify with another node, and tell the host of this one.",
        remedy_zh="请使用其他节点核验，并告知本节点运营方。",
        usable=Usable.UNKNOWN,
    ),
    "node.disagreement": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Two nodes of the chain do not say the same.",
        zh="链上的两个节点所述不一致。",
        remedy_en="Verify again with proofs (`proved`); the host has to find out which node is wrong.",
        remedy_zh="请使用带证明的核验（`proved`）；运营方须查明哪个节点有误。",
        usable=Usable.UNKNOWN,
    ),
}
