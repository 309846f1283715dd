"""How closely a consignment is to be looked at."""

from enum import StrEnum


class Inspection(StrEnum):
    """From the least to the most. SAMPLING: a stated share of such consignments is drawn, the others pass."""

    NONE = "none"
    SAMPLING = "sampling"
    DOCUMENT_CHECK = "document-check"
    PHYSICAL = "physical"

    @property
    def depth(self) -> int:
        """Its place in the order, 0 for none."""
        return list(Inspection).index(self)


SENTENCES = {
    Inspection.NONE: ("建议免予查验。", "No inspection is recommended."),
    Inspection.SAMPLING: ("建议按比例抽查。", "A sample is recommended."),
    Inspection.DOCUMENT_CHECK: ("建议审核单证。", "A check of the documents is recommended."),
    Inspection.PHYSICAL: ("建议实货查验。", "A physical inspection is recommended."),
}
"""In zh and en."""
