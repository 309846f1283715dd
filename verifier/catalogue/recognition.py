"""Does the relying country recognise it?"""

from verifier.axes import Usable
from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

RECOGNITION: Entries = {
    "recognition.not-asked": CatalogueEntry(
        (Outcome.SKIPPED,),
        en="No country was named, so recognition was not asked about.",
        zh="未指明依赖国，因此未查询互认情况。",
    ),
    "recognition.not-checked": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Whether the country recognises it cannot be looked up here yet.",
        zh="此处尚不能查询该国是否承认。",
        remedy_en="Ask the country's authority whether it recognises the issuer for this kind.",
        remedy_zh="请向该国主管机关查询是否承认该签发方签发的此类单证。",
        usable=Usable.UNKNOWN,
    ),
}
