"""Was the issuer entitled to issue this kind when the document was anchored?"""

from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

_JUDGED = (Outcome.FAIL, Outcome.UNKNOWN)

ISSUER: Entries = {
    "issuer.accredited": CatalogueEntry(
        (Outcome.PASS,),
        en="An unbroken chain of accreditations covered the issuer for this kind when the document was anchored.",
        zh="单证锚定时，签发方就此类单证拥有连续完整的认可链。",
    ),
    "issuer.unregistered": CatalogueEntry(
        _JUDGED,
        en="The issuer that the document names is not in the registry.",
        zh="登记簿中没有单证所称的签发方。",
        remedy_en="Do not accept it. Ask who issued it, and which authority accredits them.",
        remedy_zh="请勿接受。请查明由谁签发以及由哪个机关认可。",
    ),
    "issuer.not-known-yet": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="What the registry did not have at this block may have been entered since; other nodes may know it.",
        zh="登记簿在该区块尚无的内容，此后可能已登记；其他节点可能已知悉。",
        remedy_en="Ask again after the next block, or ask a node at the head of the chain; with a pack, renew it.",
        remedy_zh="请在下一个区块产生后再次核验，或向处于链首的节点核验；使用离线包的，请先更新。",
    ),
    "issuer.not-in-force": CatalogueEntry(
        _JUDGED,
        en="The issuer was not in the registry yet when the document was anchored.",
        zh="单证锚定时，签发方尚未登记。",
        remedy_en="Ask the issuer to register the document again.",
        remedy_zh="请签发方重新登记该单证。",
    ),
    "issuer.suspended": CatalogueEntry(
        _JUDGED,
        en="The issuer was suspended when the document was anchored.",
        zh="单证锚定时，签发方处于暂停状态。",
        remedy_en="Do not accept it. Ask the accrediting authority why the issuer was suspended.",
        remedy_zh="请勿接受。请向认可机关了解暂停原因。",
    ),
    "issuer.not-accredited": CatalogueEntry(
        _JUDGED,
        en="The issuer was never accredited for this kind of document.",
        zh="签发方从未获得签发此类单证的认可。",
        remedy_en="Do not accept it. Ask for a document by an issuer accredited for this kind.",
        remedy_zh="请勿接受。请索取由具备该类认可的签发方签发的单证。",
    ),
    "issuer.accreditation-not-in-force": CatalogueEntry(
        _JUDGED,
        en="The issuer's accreditation for this kind had not begun, or had ended, when the document was anchored.",
        zh="单证锚定时，签发方对此类单证的认可尚未生效或已终止。",
        remedy_en="Do not accept it. An accredited issuer can issue and register it again.",
        remedy_zh="请勿接受。可由具备认可的签发方重新签发并登记。",
    ),
    "issuer.out-of-scope": CatalogueEntry(
        _JUDGED,
        en="The agreement, HS chapter or port that the document states was outside the scope of a link of the chain.",
        zh="单证所载的协定、HS 章或港口超出认可链中某一环节的范围。",
        remedy_en="Do not accept it. Ask for a document by an issuer accredited for what the evidence names.",
        remedy_zh="请勿接受。请索取由具备证据所列范围认可的签发方签发的单证。",
    ),
    "issuer.scope-not-stated": CatalogueEntry(
        _JUDGED,
        en="The issuer was limited to a scope, and the document does not state what decides whether it lies within.",
        zh="签发方的认可受范围限制，而单证未载明据以判断的内容。",
        remedy_en="Do not accept it. Ask for a document that states the member in the evidence.",
        remedy_zh="请勿接受。请索取载明证据所列成员的单证。",
    ),
    "issuer.scope-withheld": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The issuer was limited to a scope, and the part of the document that decides about it is withheld.",
        zh="签发方的认可受范围限制，而据以判断的单证部分未披露。",
        remedy_en="Ask the presenter to disclose the member in the evidence.",
        remedy_zh="请出示方披露证据所列的成员。",
    ),
    "issuer.scope-not-presented": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The issuer was limited to a scope, and what was presented does not say whether the document lies within.",
        zh="签发方的认可受范围限制，而所出示的内容未说明单证是否在该范围内。",
        remedy_en="Ask the presenter for the envelope itself and verify that: it states the member in the evidence, "
        "which a QR code or a digest does not. Without it, treat the goods as those of a document not verified.",
        remedy_zh="请向出示方索取信封文件本身并核验：其中载明证据所列成员，而二维码或摘要并不载明。如当场无法取得，"
        "请按尚未核验的单证处理货物。",
    ),
    "issuer.authority-unknown": CatalogueEntry(
        _JUDGED,
        en="The authority that accredited the issuer is not one of the consortium.",
        zh="认可该签发方的机关不属于联盟。",
        remedy_en="Do not accept it.",
        remedy_zh="请勿接受。",
    ),
    "issuer.authority-not-in-office": CatalogueEntry(
        _JUDGED,
        en="The authority that accredited the issuer was not in office when the document was anchored.",
        zh="单证锚定时，认可该签发方的机关不在任。",
        remedy_en="Do not accept it. Ask which authority accredits the issuer now.",
        remedy_zh="请勿接受。请查明现由哪个机关认可该签发方。",
    ),
    "issuer.country-not-member": CatalogueEntry(
        _JUDGED,
        en="The accrediting authority's country was not a member when the document was anchored.",
        zh="单证锚定时，认可机关所属国家不是联盟成员。",
        remedy_en="Do not accept it under the consortium's rules; ask the country's authority directly.",
        remedy_zh="不得依联盟规则接受；请直接咨询该国主管机关。",
    ),
    "issuer.kind-unknown": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The kind of document is not known here, so accreditation for it could not be looked up.",
        zh="本程序不认识该类单证，无法查询相应的认可。",
        remedy_en="Verify with a newer version of Portseal, or present the envelope.",
        remedy_zh="请使用更新版本的 Portseal 核验，或出示信封文件。",
    ),
    "issuer.not-stated": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Nothing here says who issued it.",
        zh="此处没有任何信息说明由谁签发。",
        remedy_en="Present the envelope, or ask the node where it was registered.",
        remedy_zh="请出示信封文件，或向登记该单证的节点查询。",
    ),
    "issuer.not-anchored": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="It is judged by the time of its anchor, and there is none as of the time asked about.",
        zh="签发资格以锚定时间为准，而截至所询时间尚无锚定。",
        remedy_en="Verify again once it is anchored.",
        remedy_zh="请在锚定后重新核验。",
    ),
    "issuer.unreadable": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="A part of the registries could not be read or understood.",
        zh="登记簿的部分内容无法读取或理解。",
        remedy_en="Verify again; if it stays so, ask the host of the node.",
        remedy_zh="请重新核验；如仍如此，请联系节点运营方。",
    ),
}
