"""What the document's own dates say."""

from verifier.axes import Usable
from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

VALIDITY: Entries = {
    "validity.within": CatalogueEntry(
        (Outcome.PASS,),
        en="The time asked about lies within the document's own dates.",
        zh="所询时间在单证自身的有效期内。",
    ),
    "validity.expired": CatalogueEntry(
        (Outcome.FAIL,),
        en="The document has expired, by its own date.",
        zh="按单证自身日期，单证已过期。",
        remedy_en="Ask the issuer for a new one.",
        remedy_zh="请向签发方索取新的单证。",
        usable=Usable.EXPIRED,
    ),
    "validity.not-yet": CatalogueEntry(
        (Outcome.FAIL,),
        en="By its own date the document cannot be used yet.",
        zh="按单证自身日期，单证尚不可使用。",
        remedy_en="Use it from the date in the evidence on.",
        remedy_zh="请自证据所载日期起使用。",
        usable=Usable.PENDING,
    ),
    "validity.stated-later": CatalogueEntry(
        (Outcome.WARN,),
        en="The document states a date of issue that is later than it can be.",
        zh="单证所载签发时间晚于其可能的时间。",
        remedy_en="The anchor's time counts. Tell the issuer that its clock or its data is wrong.",
        remedy_zh="以锚定时间为准。请告知签发方其时钟或数据有误。",
    ),
    "validity.not-presented": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Without the envelope the document's own dates are not known.",
        zh="没有信封文件，无法得知单证自身的日期。",
        remedy_en="Present the envelope.",
        remedy_zh="请出示信封文件。",
        usable=Usable.UNKNOWN,
    ),
}
