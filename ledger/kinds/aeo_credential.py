"""AEO credentials: what a customs authority states of an operator (WCO SAFE Framework, pillar 2)."""

from ledger.kinds.day import end_of
from ledger.kinds.gate_field import GateField, count, text, texts
from ledger.kinds.kind import Document, Kind
from ledger.kinds.schema import read


def _expires(document: Document) -> int | None:
    return end_of(document["validUntil"]) if "validUntil" in document else None


_GATE = (
    GateField(1, "number", "Number", "编号", text("certificateNumber", most=32)),
    GateField(2, "programme", "Programme", "制度", text("programme", most=20)),
    GateField(3, "tier", "Tier", "等级", text("tier", most=32)),
    GateField(4, "operatorName", "Operator", "经营者", text("operator", "name", most=40)),
    GateField(5, "operatorCode", "Operator's code", "经营者代码", text("operator", "code", most=50)),
    GateField(6, "operatorCountry", "Operator's country", "经营者所在国", text("operator", "countryCode", most=2)),
    GateField(7, "roles", "Roles (the first three)", "角色（前三个）", texts("roles", most=3, longest=17)),
    GateField(8, "roleCount", "Roles in all", "角色总数", count("roles")),
    GateField(9, "validUntil", "Valid until", "有效期至", text("validUntil", most=10)),
)
"""No address, site, contact or code abroad: they lie in groups."""

AEO_CREDENTIAL = Kind(
    name="aeo-credential",
    version="1",
    noun="an AEO credential",
    label_en="AEO credential",
    label_zh="AEO 资质证书",
    number_member="certificateNumber",
    groups=("/operator/address", "/operator/identifiers", "/contacts", "/sites", "/recognitionCodes"),
    schema=read("aeo-credential", "1"),
    expires=_expires,
    gate=_GATE,
)
