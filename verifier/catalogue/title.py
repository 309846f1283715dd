"""Who controls the bill of lading?"""

from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

TITLE: Entries = {
    "title.none": CatalogueEntry(
        (Outcome.WARN,),
        en="No title record: it is judged as a plain document, and says nothing about who may claim the goods.",
        zh="没有权属记录：按普通单证判断，不说明谁有权提货。",
        remedy_en="Ask the carrier who holds the bill before delivering against it.",
        remedy_zh="凭单放货前，请向承运人查明谁是持有人。",
    ),
    "title.not-applicable": CatalogueEntry(
        (Outcome.SKIPPED,),
        en="Not a bill of lading, or not known to be one.",
        zh="不是提单，或不能确定为提单。",
    ),
}
