"""Was the body between the issuer and the authority entitled to accredit it when the document was anchored?"""

from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

_JUDGED = (Outcome.FAIL, Outcome.UNKNOWN)

BODY: Entries = {
    "issuer.body-not-in-force": CatalogueEntry(
        _JUDGED,
        en="The body that accredited the issuer was not in the registry yet when the document was anchored.",
        zh="单证锚定时，认可该签发方的机构尚未登记。",
        remedy_en="Do not accept it. Ask the authority above which body accredits the issuer.",
        remedy_zh="请勿接受。请向上级机关查明由哪个机构认可该签发方。",
    ),
    "issuer.body-suspended": CatalogueEntry(
        _JUDGED,
        en="The body that accredited the issuer was suspended when the document was anchored.",
        zh="单证锚定时，认可该签发方的机构处于暂停状态。",
        remedy_en="Do not accept it. Ask the authority above why the body was suspended.",
        remedy_zh="请勿接受。请向上级机关了解该机构的暂停原因。",
    ),
    "issuer.body-not-authorized": CatalogueEntry(
        _JUDGED,
        en="The body that accredited the issuer was not authorized to accredit others when the document was anchored.",
        zh="单证锚定时，认可该签发方的机构无权认可他人。",
        remedy_en="Do not accept it. Ask the authority above whether it accredits the issuer itself.",
        remedy_zh="请勿接受。请向上级机关查询其是否直接认可该签发方。",
    ),
    "issuer.body-not-accredited": CatalogueEntry(
        _JUDGED,
        en="The body that accredited the issuer did not have this kind itself when the document was anchored.",
        zh="单证锚定时，认可该签发方的机构自身不具备此类单证的认可。",
        remedy_en="Do not accept it. Ask for a document by an issuer whose whole chain covers this kind.",
        remedy_zh="请勿接受。请索取由整条认可链均涵盖此类单证的签发方签发的单证。",
    ),
}
