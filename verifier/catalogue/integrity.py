"""Is it what the issuer signed?"""

from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

INTEGRITY: Entries = {
    "integrity.good": CatalogueEntry(
        (Outcome.PASS,),
        en="Signed with the registered key, and unchanged since.",
        zh="由已登记的密钥签名，且此后未被改动。",
    ),
    "integrity.gate-good": CatalogueEntry(
        (Outcome.PASS,),
        en="The gate statement is signed with the registered key, and unchanged since.",
        zh="关口声明由已登记的密钥签名，且此后未被改动。",
    ),
    "integrity.signature": CatalogueEntry(
        (Outcome.FAIL,),
        en="The signature is not by the registered key over this content.",
        zh="该签名不是已登记密钥对此内容的签名。",
        remedy_en="Do not accept it: it was changed or forged. Ask the issuer for the original.",
        remedy_zh="请勿接受：内容被改动或属伪造。请向签发方索取原件。",
    ),
    "integrity.disclosures": CatalogueEntry(
        (Outcome.FAIL,),
        en="A disclosed part does not belong to what was signed, or breaks a rule of RFC 9901.",
        zh="某个披露部分不属于已签名内容，或违反 RFC 9901 的规则。",
        remedy_en="Do not accept it: a part was changed, added or doubled. Ask the issuer for the original.",
        remedy_zh="请勿接受：有部分内容被改动、添加或重复。请向签发方索取原件。",
    ),
    "integrity.not-presented": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Only a digest was given; whether a document agrees with it cannot be said.",
        zh="仅提供了摘要，无法判断任何单证是否与之相符。",
        remedy_en="Ask for the envelope and verify that.",
        remedy_zh="请索取信封文件并核验该文件。",
    ),
    "integrity.key-missing": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The signature could not be checked for want of the registered key.",
        zh="缺少已登记的密钥，无法核对签名。",
        remedy_en="See the findings on the issuer's key.",
        remedy_zh="请查看签发方密钥的检查结果。",
    ),
    "integrity.kind-unknown": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The signature is good; the disclosures could not be checked, since the kind is not known here.",
        zh="签名正确；但本程序不认识该类单证，无法检查披露部分。",
        remedy_en="Verify with a newer version of Portseal.",
        remedy_zh="请使用更新版本的 Portseal 核验。",
    ),
    "integrity.not-checked": CatalogueEntry(
        (Outcome.SKIPPED,),
        en="What was presented cannot be read, so nothing in it was checked.",
        zh="所出示的内容无法读取，因此未作检查。",
        remedy_en="See the finding on its form.",
        remedy_zh="请查看格式的检查结果。",
    ),
}
