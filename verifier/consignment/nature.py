"""On whose word a member of a document stands."""

from enum import StrEnum


class Nature(StrEnum):
    """SIGNED: its document is VALID. NOT_VALID: signed, and the verdict is another. STATED: nobody signed it.

    WITHHELD: it is, or may be, there and is not shown.
    """

    SIGNED = "signed"
    NOT_VALID = "signed-not-valid"
    STATED = "stated"
    WITHHELD = "withheld"


SENTENCES = {
    Nature.SIGNED: ("由签发方签名，且核验结果为 VALID。", "Signed by its issuer, and VALID."),
    Nature.NOT_VALID: ("已签名，但核验结果不是 VALID。", "Signed, but the verdict is not VALID."),
    Nature.STATED: ("未签名的陈述：仅凭提交者之言。", "A statement without a signature: the presenter's word only."),
    Nature.WITHHELD: ("已签名，但未披露。", "Signed, but withheld."),
}
"""In zh and en."""
