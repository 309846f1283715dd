"""Was the key the issuer's, and good, when the document was anchored?"""

from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

_JUDGED = (Outcome.FAIL, Outcome.UNKNOWN)
_CONFIRM_EN = "Do not accept it. The issuer can sign and register the document again with a good key."
_CONFIRM_ZH = "请勿接受。签发方可使用有效密钥重新签发并登记该单证。"

ISSUER_KEY: Entries = {
    "issuer.key-good": CatalogueEntry(
        (Outcome.PASS,),
        en="The key was the issuer's and in use when the document was anchored.",
        zh="单证锚定时，该密钥属于签发方且处于启用状态。",
    ),
    "issuer.key-unknown": CatalogueEntry(
        _JUDGED,
        en="The key is registered for nobody.",
        zh="该密钥未登记在任何签发方名下。",
        remedy_en="Do not accept it unless the issuer confirms the key and its authority registers it.",
        remedy_zh="除非签发方确认该密钥且主管机关完成登记，否则请勿接受。",
    ),
    "issuer.key-of-another": CatalogueEntry(
        (Outcome.FAIL,),
        en="The key is registered for another issuer than the one that the document names.",
        zh="该密钥登记在另一签发方名下，而非单证所称的签发方。",
        remedy_en="Do not accept it; report it to the issuer that the document names.",
        remedy_zh="请勿接受，并向单证所称的签发方报告。",
    ),
    "issuer.key-not-in-force": CatalogueEntry(
        _JUDGED,
        en="The key was not registered yet, or no more, when the document was anchored.",
        zh="单证锚定时，该密钥尚未登记或已过有效期。",
        remedy_en=_CONFIRM_EN,
        remedy_zh=_CONFIRM_ZH,
    ),
    "issuer.key-retired": CatalogueEntry(
        _JUDGED,
        en="The key had been retired when the document was anchored.",
        zh="单证锚定时，该密钥已停用。",
        remedy_en=_CONFIRM_EN,
        remedy_zh=_CONFIRM_ZH,
    ),
    "issuer.key-suspended": CatalogueEntry(
        _JUDGED,
        en="The key was suspended when the document was anchored.",
        zh="单证锚定时，该密钥处于暂停状态。",
        remedy_en=_CONFIRM_EN,
        remedy_zh=_CONFIRM_ZH,
    ),
    "issuer.key-compromised": CatalogueEntry(
        _JUDGED,
        en="The document was anchored after the key had fallen into wrong hands.",
        zh="单证是在密钥泄露之后锚定的。",
        remedy_en="Do not accept it, whatever date it states. Ask the issuer whether it made this document.",
        remedy_zh="无论单证所载日期为何，请勿接受。请向签发方核实是否由其签发。",
    ),
    "issuer.key-compromised-later": CatalogueEntry(
        (Outcome.WARN,),
        en="The key fell into wrong hands later; this document had been anchored before.",
        zh="该密钥后来泄露；但此单证在泄露之前已锚定。",
        remedy_en="Nothing needs doing; a new document with this key would not count.",
        remedy_zh="无需处理；此后使用该密钥的新单证无效。",
    ),
    "issuer.key-unusable": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="What is registered under this key's name is not a key of that name.",
        zh="以该密钥指纹登记的内容并非对应的密钥。",
        remedy_en="Ask the issuer's accrediting authority to register the key again, rightly.",
        remedy_zh="请签发方的认可机关重新正确登记该密钥。",
    ),
    "issuer.key-not-presented": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="Only a digest was given, so it is not known which key signed.",
        zh="仅提供了摘要，无法得知由哪个密钥签名。",
        remedy_en="Present the envelope.",
        remedy_zh="请出示信封文件。",
    ),
}
