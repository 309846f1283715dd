"""Signed reports of this node."""

from functools import cache
from importlib.metadata import version

from api.evidence_maker import evidence_maker
from api.node import Node
from verifier.question import Question
from verifier.signed_report.file import ReportFile
from verifier.signed_report.making import ReportMaker
from verifier.subject import Subject


def make_report(
    node: Node, subject: Subject, question: Question, api_key: str | None = None, trusted_block: int | None = None
) -> ReportFile:
    """Return a report, which names the tenant of the API key if there is one.

    trusted_block: as of which the trust roots are that it will be checked with. Raises Refused `block.unknown`,
    `authentication.unknown`, `custody.none`, `report.key`, Unavailable `report.no-block` and for what cannot be read.
    """
    tenant = node.tenant_of(api_key) if api_key is not None else None
    maker = ReportMaker(
        reads=evidence_maker(node),
        signer=node.custody.answers_key(),
        software=_software(),
        policy=node.verifier.policy,
        clock=node.verifier.clock,
    )
    return maker.make(subject, question, tenant.id if tenant else None, trusted_block)


@cache
def _software() -> str:
    return f"portseal {version('portseal')}"
