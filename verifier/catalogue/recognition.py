"""Does the relying country recognise it?"""

from verifier.axes import Usable
from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

_ASK_EN = "Ask the relying country's authority what it accepts instead."
_ASK_ZH = "请向依赖国主管机关了解其接受何种替代文件。"

RECOGNITION: Entries = {
    "recognition.not-asked": CatalogueEntry(
        (Outcome.SKIPPED,),
        en="No country was named, so recognition was not asked about.",
        zh="未指明依赖国，因此未查询互认情况。",
    ),
    "recognition.domestic": CatalogueEntry(
        (Outcome.PASS,),
        en="The relying country is the country that it was issued under: no recognition is needed.",
        zh="依赖国即签发国，无需互认。",
    ),
    "recognition.in-effect": CatalogueEntry(
        (Outcome.PASS,),
        en="The relying country recognised the issuing country for this programme at the time that counts.",
        zh="在起决定作用的时间，依赖国就该项目承认签发国。",
    ),
    "recognition.not-agreed": CatalogueEntry(
        (Outcome.FAIL,),
        en="The relying country has agreed on no recognition of the issuing country for this programme.",
        zh="依赖国未就该项目与签发国商定承认。",
        remedy_en=_ASK_EN,
        remedy_zh=_ASK_ZH,
        usable=Usable.NOT_RECOGNISED,
    ),
    "recognition.signed-not-in-effect": CatalogueEntry(
        (Outcome.FAIL,),
        en="Both countries have signed an arrangement, and this recognition was not put into effect.",
        zh="两国已签署安排，但该方向的承认尚未生效。",
        remedy_en=_ASK_EN,
        remedy_zh=_ASK_ZH,
        usable=Usable.NOT_RECOGNISED,
    ),
    "recognition.not-yet": CatalogueEntry(
        (Outcome.FAIL,),
        en="The recognition is agreed, and takes effect later than the time that counts.",
        zh="承认已商定，但生效时间晚于起决定作用的时间。",
        remedy_en="For a credential, ask again from the date in the evidence on; else ask for a new document then.",
        remedy_zh="资质证书可自证据所载日期起再行查询；其他单证请届时索取新单证。",
        usable=Usable.NOT_RECOGNISED,
    ),
    "recognition.suspended": CatalogueEntry(
        (Outcome.FAIL,),
        en="The recognition was suspended at the time that counts, by the side named in the evidence.",
        zh="在起决定作用的时间，该承认被证据所列一方暂停。",
        remedy_en="Ask that side's customs since when and why; treat it like one without recognition.",
        remedy_zh="请向该方海关了解暂停的时间和原因；按未获承认处理。",
        usable=Usable.NOT_RECOGNISED,
    ),
    "recognition.ended": CatalogueEntry(
        (Outcome.FAIL,),
        en="The recognition had ended at the time that counts.",
        zh="在起决定作用的时间，该承认已终止。",
        remedy_en=_ASK_EN,
        remedy_zh=_ASK_ZH,
        usable=Usable.NOT_RECOGNISED,
    ),
    "recognition.left": CatalogueEntry(
        (Outcome.FAIL,),
        en="The side named in the evidence had left the arrangement or the consortium.",
        zh="证据所列一方已退出该安排或联盟。",
        remedy_en=_ASK_EN,
        remedy_zh=_ASK_ZH,
        usable=Usable.NOT_RECOGNISED,
    ),
    "recognition.role-not-covered": CatalogueEntry(
        (Outcome.FAIL,),
        en="The recognition is for certain roles of an operator, and this one has none of them.",
        zh="该承认仅适用于特定角色的经营者，而该经营者不具备其中任何一种。",
        remedy_en="Ask the relying country's customs whether it accepts the operator in another role.",
        remedy_zh="请向依赖国海关了解是否以其他角色承认该经营者。",
        usable=Usable.NOT_RECOGNISED,
    ),
    "recognition.not-anchored": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Recognition of this kind is judged by the time of the anchor, and no final one is known.",
        zh="此类单证的承认以锚定时间为准，而目前没有可据以判断的最终锚定。",
        remedy_en="Verify again once its anchor is final.",
        remedy_zh="请在锚定最终确定后重新核验。",
        usable=Usable.UNKNOWN,
    ),
    "recognition.role-unknown": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The recognition is for certain roles of an operator, and whose credential this is could not be read.",
        zh="该承认仅适用于特定角色的经营者，而无法读取证书所属的经营者。",
        remedy_en="Present the envelope; see the findings on integrity.",
        remedy_zh="请出示信封文件；并查看完整性的检查结果。",
        usable=Usable.UNKNOWN,
    ),
    "recognition.not-checked": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Whether the country recognises it cannot be looked up here yet.",
        zh="此处尚不能查询该国是否承认。",
        remedy_en="Ask the country's authority whether it recognises the issuer for this kind.",
        remedy_zh="请向该国主管机关查询是否承认该签发方签发的此类单证。",
        usable=Usable.UNKNOWN,
    ),
    "recognition.unreadable": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Whether the country recognises it could not be read, or only from a block that is too old to say no by.",
        zh="无法读取该国是否承认，或所读区块过旧，不足以得出否定结论。",
        remedy_en="Verify again; if it stays so, ask the host of the node.",
        remedy_zh="请重新核验；如仍如此，请联系节点运营方。",
        usable=Usable.UNKNOWN,
    ),
}
