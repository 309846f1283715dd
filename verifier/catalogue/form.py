"""Is it an envelope of a kind that we know?"""

from verifier.catalogue.entry import CatalogueEntry, Entries
from verifier.outcome import Outcome

FORM: Entries = {
    "form.good": CatalogueEntry(
        (Outcome.PASS,),
        en="The envelope and the document in it have the right form.",
        zh="信封及其中单证的格式正确。",
    ),
    "form.withheld": CatalogueEntry(
        (Outcome.WARN,),
        en="Parts of the document are withheld; what is shown is as it was signed.",
        zh="单证的部分内容未披露；所披露的内容与签名时一致。",
        remedy_en="If you need a withheld part, ask the presenter to disclose it; the evidence names what may be.",
        remedy_zh="如需未披露的部分，请出示方披露；证据列出可能的部分。",
    ),
    "form.unreadable": CatalogueEntry(
        (Outcome.FAIL,),
        en="This is not an envelope that an issuer could have registered.",
        zh="这不是签发方可能登记过的信封。",
        remedy_en="Ask the presenter for the original file; copying text out of a mail or a web page can damage it.",
        remedy_zh="请出示方提供原始文件；从邮件或网页复制文本可能会损坏内容。",
    ),
    "form.schema": CatalogueEntry(
        (Outcome.FAIL,),
        en="The document does not follow the schema of its kind.",
        zh="单证内容不符合该类单证的数据模式。",
        remedy_en="Ask the issuer for a corrected document; do not accept this one.",
        remedy_zh="请签发方重新签发正确的单证；请勿接受此单证。",
    ),
    "form.schema-not-checked": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The document's content could not be checked against its schema.",
        zh="无法对照数据模式检查单证内容。",
        remedy_en="See the findings on integrity and on the issuer's key; then verify again.",
        remedy_zh="请查看完整性和签发方密钥的检查结果，然后重新核验。",
    ),
    "form.kind-unknown": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="This verifier does not know this kind or version of document.",
        zh="本核验程序不认识此类单证或此版本。",
        remedy_en="Verify with a newer version of Portseal.",
        remedy_zh="请使用更新版本的 Portseal 核验。",
    ),
    "form.gate-good": CatalogueEntry(
        (Outcome.PASS,),
        en="The QR code and the gate statement in it have the right form.",
        zh="二维码及其中的关口声明格式正确。",
    ),
    "form.gate-only": CatalogueEntry(
        (Outcome.WARN,),
        en="Only what the QR code says was judged; the document itself was not presented.",
        zh="仅判断了二维码所载内容；未出示单证本身。",
        remedy_en="Compare what it says with the goods and the paper; for all else ask for the envelope.",
        remedy_zh="请将其内容与货物及纸面核对；其余内容请索取信封文件。",
    ),
    "form.gate-unreadable": CatalogueEntry(
        (Outcome.FAIL,),
        en="This is not a QR code that Portseal makes, or not with a gate statement that an issuer could have made.",
        zh="这不是 Portseal 生成的二维码，或其中的关口声明不可能由签发方作出。",
        remedy_en="Scan it again; if it stays so, do not accept it and ask for the document itself.",
        remedy_zh="请重新扫描；如仍如此，请勿接受，并索取单证本身。",
    ),
    "form.gate-version": CatalogueEntry(
        (Outcome.UNKNOWN,),
        en="The QR code is of an edition that this verifier does not know.",
        zh="本核验程序不认识此版本的二维码。",
        remedy_en="Verify with a newer version of Portseal, or ask for the document itself.",
        remedy_zh="请使用更新版本的 Portseal 核验，或索取单证本身。",
    ),
    "form.not-presented": CatalogueEntry(
        (Outcome.SKIPPED,),
        en="Only a digest was given, so there is no document to look at.",
        zh="仅提供了摘要，没有可检查的单证。",
        remedy_en="Present the envelope.",
        remedy_zh="请出示信封文件。",
    ),
}
