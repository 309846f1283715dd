"""Anchoring signed reports: only those that this node's own authority signed, by its key for answers."""

from typing import Any

from anchors.receipt import anchor_json
from anchors.reports import ReportRecord
from anchors.tenants import Tenant
from api.evidence_maker import evidence_maker
from api.moment import show
from api.node import Node
from ledger.compact_jws import check_signature
from ledger.errors import Refused
from ledger.storage_words import StorageWords
from verifier.evidence_making import EvidenceMaker
from verifier.node_archive import ReportArchive
from verifier.signed_report.file import ReportFile
from verifier.signed_report.reading import Report, read_report
from verifier.signer_facts import read_signer, unknown_key


def take(node: Node, tenant: Tenant, content: bytes) -> dict[str, Any]:
    """Take a report's file; the answer says where its anchor stands. It is durable when this returns.

    Raises Invalid `json.*`, `report.*`, Refused `report.other-authority`, `report.other-chain`, Unavailable
    `report.busy`, `chain.*`, `database.*`.
    """
    file = ReportFile.read(content)
    report = read_report(file.jws)
    _check_ours(node, report)
    repeated = node.reports.accept(file.digest, node.authority, tenant.id)
    return standing(node, file.digest) | {"repeated": repeated}


def standing(node: Node, digest: bytes) -> dict[str, Any]:
    """Return how far a report's anchor has come. Raises Refused `report.unknown`."""
    return _standing(record_of(node, digest))


def record_of(node: Node, digest: bytes) -> ReportRecord:
    """Return what is known of a report's anchor. Raises Refused `report.unknown`."""
    record = node.reports.find(digest)
    if record is None:
        detail = "no report with that digest was handed in here to be anchored"
        raise Refused("report.unknown", detail, mend="hand it in: `portseal report anchor FILE`")
    return record


def anchor_maker(node: Node) -> EvidenceMaker:
    """Return what makes evidence of reports' anchors."""
    return evidence_maker(node, ReportArchive(node.reports))


def _check_ours(node: Node, report: Report) -> None:
    made, chain, network = report.claims["made"], report.claims["chain"], node.network
    if made["by"] != node.authority:
        detail = f"the report is by {made['by']}, and this node anchors the reports of {node.authority}"
        raise Refused("report.other-authority", detail, pointer="/report", mend="hand it in at its authority's node")
    if chain != {"id": network.chain_id, "genesis": f"0x{network.genesis_hash.hex()}"}:
        detail = f"the report is about the chain {chain['id']}, or about one with another first block"
        raise Refused("report.other-chain", detail, pointer="/report", mend="hand it in at a node of that network")
    contract, head = node.registries.authority.contract, node.chain.head()
    signer = read_signer(StorageWords(lambda slots: contract.read_slots(slots, head.number)), report.thumbprint)
    if signer is None:
        raise unknown_key(report.token.kid)
    check_signature(report.token, signer.check(node.authority, (made["at"],)), family="report")


def _standing(record: ReportRecord) -> dict[str, Any]:
    anchored = anchor_json(record)
    anchored |= {name: show(anchored[name]) for name in ("final_at",) if name in anchored}
    return {
        "report": record.digest.hex(),
        "state": record.state.value,
        "authority": record.authority,
        "accepted_at": show(record.accepted_at),
        "location": f"/v1/reports/{record.digest.hex()}",
    } | anchored
