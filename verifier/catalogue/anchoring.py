"""Does the chain hold it, finally, and since when?"""

from verifier.axes import Usable
from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

_OTHER_EN = "Ask another node for the proof; the host of this one should rebuild its index."
_OTHER_ZH = "请向其他节点索取证明；本节点运营方应重建索引。"
_PINNED_EN = "Compare the network file with the one that the consortium publishes; then ask another node."
_PINNED_ZH = "请将网络文件与联盟公布的文件比对，再向其他节点查询。"

ANCHORING: Entries = {
    "anchoring.final": CatalogueEntry(
        (Outcome.PASS,),
        en="Anchored on the chain, and the proof that this is final is held.",
        zh="已锚定上链，并持有最终性证明。",
    ),
    "anchoring.not-found": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="No anchor of this document is known here.",
        zh="此处没有该单证的锚定记录。",
        remedy_en="If it was registered a moment ago, verify again; else ask the issuer to register it.",
        remedy_zh="如刚刚登记，请稍后重新核验；否则请签发方登记该单证。",
        usable=Usable.PENDING,
    ),
    "anchoring.pending": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Registered, and not on the chain yet.",
        zh="已登记，但尚未上链。",
        remedy_en="Verify again in a few seconds; the receipt states the latest time promised.",
        remedy_zh="请几秒钟后重新核验；回执载有承诺的最晚时间。",
        usable=Usable.PENDING,
    ),
    "anchoring.later": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Anchored later than the time asked about.",
        zh="锚定时间晚于所询时间。",
        remedy_en="Ask about a time after its anchor.",
        remedy_zh="请询问锚定之后的时间。",
        usable=Usable.PENDING,
    ),
    "anchoring.after-facts": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Anchored after the block at which the registries were read: who might issue it then is not known here.",
        zh="锚定时间晚于读取登记簿所依据的区块：此处不知道当时谁有权签发。",
        remedy_en="Fetch a newer pack, or verify online.",
        remedy_zh="请获取较新的数据包，或在线核验。",
        usable=Usable.PENDING,
    ),
    "anchoring.stopped": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Registration was stopped before it reached the chain.",
        zh="登记在上链之前被终止。",
        remedy_en="Ask the issuer why; it has to be registered again.",
        remedy_zh="请向签发方了解原因；该单证须重新登记。",
        usable=Usable.UNKNOWN,
    ),
    "anchoring.node-behind": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The node has not reached the block in which the document was anchored.",
        zh="节点尚未同步到该单证所在的区块。",
        remedy_en="Verify again when the node has caught up, or ask another node.",
        remedy_zh="请待节点同步后重新核验，或使用其他节点。",
        usable=Usable.UNKNOWN,
    ),
    "anchoring.path-wrong": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The stored inclusion proof does not lead to the anchored root; that is a fault of the archive.",
        zh="所存的包含证明不能导出已锚定的树根；这是存档的故障。",
        remedy_en="Ask the node's host to rebuild its index, or another node for the proof.",
        remedy_zh="请节点运营方重建索引，或向其他节点索取证明。",
        usable=Usable.UNKNOWN,
    ),
    "anchoring.account-unlisted": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The registries, as this node gives them, do not list the account that anchored it as one that may.",
        zh="本节点所给出的登记簿未将锚定账户列为有权账户。",
        remedy_en="Ask another node: the contract takes anchors of listed accounts only.",
        remedy_zh="请使用其他节点核验：合约只接受在册账户的锚定。",
        usable=Usable.UNKNOWN,
    ),
    "anchoring.not-final": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="On the chain, and not final yet: too few of those who make it final have signed.",
        zh="已上链但尚未最终确定：有权确认最终性的签署者不足。",
        remedy_en="Verify again in a few seconds.",
        remedy_zh="请几秒钟后重新核验。",
        usable=Usable.PENDING,
    ),
    "anchoring.checkpoint-differs": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The members signed for a block that this node's chain does not have.",
        zh="成员所签署的区块不在本节点的链上。",
        remedy_en="Ask another node; this one may be behind, or on another chain.",
        remedy_zh="请使用其他节点；本节点可能落后或处于另一条链上。",
        usable=Usable.UNKNOWN,
    ),
    "anchoring.block-differs": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The proof of finality is good, and of a block that this node's chain does not have.",
        zh="最终性证明本身成立，但其所证明的区块不在本节点的链上。",
        remedy_en="Ask another node; this one may be behind, or on another chain.",
        remedy_zh="请使用其他节点；本节点可能落后或处于另一条链上。",
        usable=Usable.UNKNOWN,
    ),
    "anchoring.proof-form": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The stored proof of finality is not of the form that this network has, or cannot be read.",
        zh="所存的最终性证明不是本网络所用的形式，或无法读取。",
        remedy_en=_OTHER_EN,
        remedy_zh=_OTHER_ZH,
        usable=Usable.UNKNOWN,
    ),
    "anchoring.proof-header": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The block headers of the proof of finality do not follow each other, or are of another block.",
        zh="最终性证明中的区块头彼此不衔接，或属于另一区块。",
        remedy_en=_OTHER_EN,
        remedy_zh=_OTHER_ZH,
        usable=Usable.UNKNOWN,
    ),
    "anchoring.proof-seal": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="A seal in the proof of finality is no signature, is there twice, or is by nobody whom this network pins.",
        zh="最终性证明中有印签不是有效签名、重复出现，或并非本网络所固定的签署者所签。",
        remedy_en=_PINNED_EN,
        remedy_zh=_PINNED_ZH,
        usable=Usable.UNKNOWN,
    ),
    "anchoring.proof-set": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The block names other validators than those that this network pins for it.",
        zh="区块所列的验证者与本网络为其固定的验证者不一致。",
        remedy_en=_PINNED_EN,
        remedy_zh=_PINNED_ZH,
        usable=Usable.UNKNOWN,
    ),
    "anchoring.proof-too-few": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The stored proof of finality has too few of the signatures that this network asks for.",
        zh="所存的最终性证明所含签名少于本网络要求的数量。",
        remedy_en="Verify again in a few seconds; if it stays so, ask another node for the proof.",
        remedy_zh="请几秒钟后重新核验；如仍如此，请向其他节点索取证明。",
        usable=Usable.PENDING,
    ),
    "anchoring.unreadable": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The archive or the chain could not be read.",
        zh="无法读取存档或区块链。",
        remedy_en="Verify again; if it stays so, ask the node's host.",
        remedy_zh="请重新核验；如仍如此，请联系节点运营方。",
        usable=Usable.UNKNOWN,
    ),
    "anchoring.no-digest": CatalogueEntry(
        (Outcome.SKIPPED,),
        en="What was presented cannot be read, so there is nothing to look up.",
        zh="所出示的内容无法读取，没有可查询的对象。",
        remedy_en="See the finding on its form.",
        remedy_zh="请查看格式的检查结果。",
        usable=Usable.UNKNOWN,
    ),
}
