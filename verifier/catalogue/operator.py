"""What does customs say, in the registry, about the operator that an AEO credential is about?"""

from verifier.axes import Usable
from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

_ASK_EN = "Treat the operator as one without the status; ask the customs that issued the credential."
_ASK_ZH = "按不具备该资质处理；请咨询签发该证书的海关。"

OPERATOR: Entries = {
    "operator.not-applicable": CatalogueEntry(
        (Outcome.SKIPPED,),
        en="Not an AEO credential, or not known to be one.",
        zh="不是 AEO 资质证书，或不能确定为该类证书。",
    ),
    "operator.authorized": CatalogueEntry(
        (Outcome.PASS,),
        en="Customs lists the operator as authorized at the time asked about.",
        zh="海关登记显示，该经营者在所询时间具备资质。",
    ),
    "operator.not-registered": CatalogueEntry(
        (Outcome.WARN,),
        en="Customs has not entered the operator in the registry; only the credential speaks for it.",
        zh="海关未在登记簿中登记该经营者；仅有证书本身可证明其资质。",
        remedy_en="Not every customs enters its operators. If in doubt, ask the customs that issued the credential.",
        remedy_zh="并非所有海关都登记其经营者。如有疑问，请咨询签发该证书的海关。",
    ),
    "operator.suspended": CatalogueEntry(
        (Outcome.FAIL,),
        en="Customs had suspended the operator's status at the time asked about.",
        zh="在所询时间，海关已暂停该经营者的资质。",
        remedy_en=_ASK_EN,
        remedy_zh=_ASK_ZH,
        usable=Usable.SUSPENDED,
    ),
    "operator.withdrawn": CatalogueEntry(
        (Outcome.FAIL,),
        en="Customs had ended the operator's status by the time asked about.",
        zh="截至所询时间，海关已终止该经营者的资质。",
        remedy_en=_ASK_EN,
        remedy_zh=_ASK_ZH,
        usable=Usable.REVOKED,
    ),
    "operator.term-over": CatalogueEntry(
        (Outcome.FAIL,),
        en="The term for which customs had entered the operator's status was over at the time asked about.",
        zh="在所询时间，海关登记的该经营者资质期限已届满。",
        remedy_en=_ASK_EN,
        remedy_zh=_ASK_ZH,
        usable=Usable.EXPIRED,
    ),
    "operator.authority-left": CatalogueEntry(
        (Outcome.FAIL,),
        en="The customs that entered the operator had left office, or its country the consortium.",
        zh="登记该经营者的海关已不在任，或其国家已退出联盟。",
        remedy_en="Ask which customs answers for the operator now.",
        remedy_zh="请查明现由哪个海关负责该经营者。",
        usable=Usable.EXPIRED,
    ),
    "operator.not-yet": CatalogueEntry(
        (Outcome.FAIL,),
        en="The operator's status begins later than the time asked about.",
        zh="该经营者资质的生效时间晚于所询时间。",
        remedy_en="Use it from the date in the evidence on.",
        remedy_zh="请自证据所载日期起使用。",
        usable=Usable.PENDING,
    ),
    "operator.not-presented": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Whose credential this is could not be read, so customs' list could not be asked.",
        zh="无法读取证书所属的经营者，因此未能查询海关名录。",
        remedy_en="Present the envelope; see the findings on integrity and on the issuer's key.",
        remedy_zh="请出示信封文件；并查看完整性和签发方密钥的检查结果。",
        usable=Usable.UNKNOWN,
    ),
    "operator.unreadable": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Customs' list of operators could not be read or understood.",
        zh="无法读取或理解海关的经营者名录。",
        remedy_en="Verify again; if it stays so, ask the host of the node.",
        remedy_zh="请重新核验；如仍如此，请联系节点运营方。",
        usable=Usable.UNKNOWN,
    ),
}
