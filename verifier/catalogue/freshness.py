"""Is what was read of the chain new enough to say what can be used?"""

from verifier.axes import Usable
from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

FRESHNESS: Entries = {
    "freshness.good": CatalogueEntry(
        (Outcome.PASS,),
        en="The block that the facts were read at is new enough.",
        zh="读取事实所依据的区块足够新。",
    ),
    "freshness.stale": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The newest block known is too old: what has become of the document since is not known.",
        zh="已知的最新区块过旧：此后单证的状态未知。",
        remedy_en="Restore the connection and verify again; check this device's clock.",
        remedy_zh="请恢复连接后重新核验；并检查本设备的时钟。",
        usable=Usable.UNKNOWN,
    ),
    "freshness.ageing": CatalogueEntry(
        (Outcome.WARN,),
        en="What is known here is getting old: it will soon not do any more.",
        zh="此处所依据的信息正在变旧：很快将不再足够。",
        remedy_en="Fetch a newer pack as soon as there is a line.",
        remedy_zh="一旦有网络，请尽快获取较新的数据包。",
    ),
    "freshness.clock-behind": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="This device's clock is behind a time that it has seen: how old its knowledge is cannot be told.",
        zh="本设备的时钟落后于其已见过的时间：无法判断所依据的信息有多旧。",
        remedy_en="Set the clock right, and verify again.",
        remedy_zh="请校准时钟后重新核验。",
        usable=Usable.UNKNOWN,
    ),
    "freshness.future": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The question is about a time that the chain has not reached.",
        zh="所询时间晚于链上已有的时间。",
        remedy_en="Ask again then; what becomes of a document cannot be known before.",
        remedy_zh="请届时再询；单证的未来状态无法预知。",
        usable=Usable.UNKNOWN,
    ),
    "freshness.unreadable": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The chain's newest block could not be read.",
        zh="无法读取链上的最新区块。",
        remedy_en="Verify again; if it stays so, ask the node's host.",
        remedy_zh="请重新核验；如仍如此，请联系节点运营方。",
        usable=Usable.UNKNOWN,
    ),
}
