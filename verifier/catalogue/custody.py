"""Is the payload kept somewhere?"""

from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

CUSTODY: Entries = {
    "custody.known": CatalogueEntry(
        (Outcome.PASS,),
        en="The encrypted payload is kept under a known address.",
        zh="加密载荷保存在已知地址。",
    ),
    "custody.none": CatalogueEntry(
        (Outcome.WARN,),
        en="No payload is known here; whoever holds the envelope should keep it.",
        zh="此处没有已知的载荷；持有信封文件者应自行保存。",
        remedy_en="Keep the file that was presented.",
        remedy_zh="请保存所出示的文件。",
    ),
    "custody.unreadable": CatalogueEntry(
        (Outcome.WARN,),
        en="Whether the payload is kept could not be read.",
        zh="无法得知载荷是否已保存。",
        remedy_en="Keep the file that was presented.",
        remedy_zh="请保存所出示的文件。",
    ),
}
