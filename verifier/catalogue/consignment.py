"""What documents of one consignment, laid beside each other, show. None of it changes a document's own verdict."""

from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

_ASK_EN = "Ask the declarant which of the two is right, and look at the goods."
_ASK_ZH = "请向申报人核实何者正确，并查验货物。"


def _compared(check: str, en: str, zh: str) -> Entries:
    """Return the two codes of every comparison."""
    return {
        f"{check}.agrees": CatalogueEntry((Outcome.PASS,), en=f"{en} agree.", zh=f"{zh}相符。"),
        f"{check}.withheld": CatalogueEntry(
            (Outcome.UNKNOWN,),
            en=f"{en} could not be compared: one of the documents withholds them.",
            zh=f"无法比较{zh}：其中一份单证未披露。",
            remedy_en="Ask the presenter to disclose the member in the evidence.",
            remedy_zh="请出示方披露证据所列的成员。",
        ),
    }


def _failing(
    en: str, zh: str, remedy_en: str = _ASK_EN, remedy_zh: str = _ASK_ZH, outcome: Outcome = Outcome.FAIL
) -> CatalogueEntry:
    return CatalogueEntry((outcome,), en=en, zh=zh, remedy_en=remedy_en, remedy_zh=remedy_zh)


CONSIGNMENT: Entries = {
    "opened.not": _failing(
        "The document could not be opened, so it was compared with no other.",
        "该单证无法打开，因此未与其他单证比较。",
        "See the findings of its own verdict.",
        "请查看该单证自身的核验结果。",
        Outcome.UNKNOWN,
    ),
    **_compared("carriage", "The numbers of the transport document", "运输单证号"),
    "carriage.differs": _failing(
        "The documents name different transport documents.",
        "各单证所载的运输单证号不同。",
        "Ask for the documents of one consignment; these may belong to two.",
        "请索取同一批货物的单证；这些单证可能属于两批货物。",
    ),
    **_compared("container", "The containers", "集装箱号"),
    "container.differs": _failing(
        "A container of one document is not in the other.", "一份单证所载的集装箱未见于另一份单证。"
    ),
    **_compared("seal", "The seals", "封志号"),
    "seal.differs": _failing(
        "A container has another seal in one document than in the other.",
        "同一集装箱在两份单证中的封志号不同。",
        "Compare the seal on the container with both; if it was changed on the way, ask by whom.",
        "请将集装箱上的封志与两份单证核对；如途中更换，请查明由谁更换。",
    ),
    **_compared("weight", "The gross weights", "毛重"),
    "weight.differs": _failing(
        "The gross weights differ by more than the policy allows.",
        "毛重之差超过规则允许的范围。",
        "Weigh the goods, or ask the declarant which of the two is right.",
        "请称重，或向申报人核实何者正确。",
    ),
    "weight.part": _failing(
        "The gross weight is less than that of the whole consignment.",
        "毛重小于整批货物的毛重。",
        "See whether the document is meant for a part of the goods only.",
        "请核实该单证是否只涉及部分货物。",
        Outcome.WARN,
    ),
    "weight.unit-unknown": _failing(
        "The gross weights could not be compared: one is in a unit that is not known here.",
        "无法比较毛重：其中之一的计量单位在此未知。",
        "Ask for the weight in kilograms (KGM).",
        "请索取以千克（KGM）表示的重量。",
        Outcome.UNKNOWN,
    ),
    **_compared("package", "The numbers of packages", "件数"),
    "package.differs": _failing(
        "The numbers of packages differ.",
        "件数不同。",
        "Count the packages, or ask the declarant which of the two is right.",
        "请清点件数，或向申报人核实何者正确。",
    ),
    "package.part": _failing(
        "There are fewer packages than in the whole consignment.",
        "件数少于整批货物的件数。",
        "See whether the document is meant for a part of the goods only.",
        "请核实该单证是否只涉及部分货物。",
        Outcome.WARN,
    ),
    **_compared("goods", "The HS codes", "商品编码"),
    "goods.differ": _failing(
        "An HS code (six digits) of one document is not in the other.",
        "一份单证所载的商品编码（六位）未见于另一份单证。",
    ),
    **_compared("origin", "The countries of origin", "原产国"),
    "origin.differs": _failing(
        "Goods of one HS code have another country of origin in each document.",
        "同一商品编码的货物在两份单证中的原产国不同。",
        "Do not grant a preference before it is settled; ask the issuer of the certificate.",
        "查清之前请勿给予优惠待遇；请向证书签发方核实。",
    ),
    **_compared("party", "The parties", "当事方"),
    "party.name-differs": _failing(
        "The names of the party differ; they may still mean one company.",
        "当事方名称不同，但仍可能是同一企业。",
        "Ask for a code of the company (AEO, tax or registration number) in both documents.",
        "请索取两份单证中该企业的代码（AEO、税务或注册号）。",
        Outcome.WARN,
    ),
    "party.code-differs": _failing(
        "A party of one name has two different codes of one scheme.", "同名的当事方在同一代码体系中有两个不同的代码。"
    ),
    "party.other-script": _failing(
        "The names of the party are in different scripts, and no code is common to both.",
        "当事方名称使用不同文字，且没有共同的代码。",
        "Ask for a code of the company (AEO, tax or registration number) in both documents.",
        "请索取两份单证中该企业的代码（AEO、税务或注册号）。",
        Outcome.UNKNOWN,
    ),
    **_compared("port", "The ports", "港口"),
    "port.differs": _failing(
        "The ports differ, by their UN/LOCODE.",
        "港口（UN/LOCODE）不同。",
        "Ask where the goods were loaded, and whether they were transhipped.",
        "请查明货物的装货地点以及是否转运。",
    ),
    **_compared("date", "The dates of departure", "启运日期"),
    "date.departure-differs": _failing(
        "The dates of departure differ by more days than the policy allows.", "启运日期之差超过规则允许的天数。"
    ),
    "date.certified-later": _failing(
        "The origin was certified after the departure, and the certificate does not say so.",
        "原产地证书的签发晚于启运，而证书未注明补发。",
        "Ask the issuer whether it was issued retroactively; the agreement may ask for that remark.",
        "请向签发方核实是否补发；协定可能要求注明。",
        Outcome.WARN,
    ),
    **_compared("invoice", "The numbers of invoices", "发票号"),
    "invoice.not-named": _failing(
        "The invoice is not among those that the other document names.",
        "该发票不在另一份单证所列的发票之中。",
        "Ask for the invoice that is named, or for a document that names this one.",
        "请索取所列的发票，或列有此发票的单证。",
    ),
    "holder.party": CatalogueEntry(
        (Outcome.PASS,),
        en="The operator of the AEO credential is a party of the consignment, by its code.",
        zh="AEO 证书的经营者（按代码）是本批货物的当事方。",
    ),
    "holder.by-name": _failing(
        "The operator of the AEO credential is a party of the consignment by its name only.",
        "AEO 证书的经营者仅按名称是本批货物的当事方。",
        "Ask for the AEO code in the other documents.",
        "请索取其他单证中的 AEO 代码。",
        Outcome.WARN,
    ),
    "holder.stranger": _failing(
        "The operator of the AEO credential is not named in the other documents.",
        "其他单证未载明 AEO 证书的经营者。",
        "Grant nothing on this credential; ask whose it is.",
        "请勿依此证书给予任何便利；请查明其归属。",
        Outcome.WARN,
    ),
    "holder.withheld": _failing(
        "Whether the operator of the AEO credential is a party could not be seen: the parties are withheld.",
        "无法判断 AEO 证书的经营者是否为当事方：当事方未披露。",
        "Ask the presenter to disclose the member in the evidence.",
        "请出示方披露证据所列的成员。",
        Outcome.UNKNOWN,
    ),
}
