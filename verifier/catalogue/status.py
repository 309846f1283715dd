"""What became of the document?"""

from verifier.axes import Usable
from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

STATUS: Entries = {
    "status.none": CatalogueEntry(
        (Outcome.PASS,),
        en="Neither revoked nor suspended nor superseded.",
        zh="未被撤销、暂停或替代。",
    ),
    "status.reinstated": CatalogueEntry(
        (Outcome.PASS,),
        en="It was suspended, and has been reinstated.",
        zh="曾被暂停，现已恢复。",
    ),
    "status.revoked": CatalogueEntry(
        (Outcome.FAIL,),
        en="The issuer or its authority has revoked the document.",
        zh="签发方或其主管机关已撤销该单证。",
        remedy_en="Do not use it. Ask the issuer for a new document.",
        remedy_zh="请勿使用。请向签发方索取新的单证。",
        usable=Usable.REVOKED,
    ),
    "status.superseded": CatalogueEntry(
        (Outcome.FAIL,),
        en="Another document has taken its place.",
        zh="该单证已被另一单证替代。",
        remedy_en="Ask for the document that took its place; its digest stands in the evidence.",
        remedy_zh="请索取替代单证；其摘要见证据。",
        usable=Usable.SUPERSEDED,
    ),
    "status.suspended": CatalogueEntry(
        (Outcome.FAIL,),
        en="The issuer or its authority has suspended the document.",
        zh="签发方或其主管机关已暂停该单证。",
        remedy_en="Hold the goods or the case, and ask the issuer.",
        remedy_zh="请暂缓办理，并向签发方查询。",
        usable=Usable.SUSPENDED,
    ),
    "status.unreadable": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="What became of the document could not be read or understood.",
        zh="无法读取或理解单证的当前状态。",
        remedy_en="Verify again; if it stays so, ask the node's host.",
        remedy_zh="请重新核验；如仍如此，请联系节点运营方。",
        usable=Usable.UNKNOWN,
    ),
    "status.issuer-unknown": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Statuses are kept by issuer, and it is not known who issued it.",
        zh="状态按签发方保存，而签发方未知。",
        remedy_en="Present the envelope.",
        remedy_zh="请出示信封文件。",
        usable=Usable.UNKNOWN,
    ),
}
