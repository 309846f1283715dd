"""Documents on a chain whose node may lie, and a verifier that believes only what is proved."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from anchors.finality import FinalityProof
from ledger.chain import Chain
from ledger.document_registry import Status, StatusChange
from ledger.envelope import Envelope
from ledger.private_key import PrivateKey
from tests.anchors.lying_node import LyingNode
from tests.verifier.chain_case import ISSUER, Case
from tests.verifier.file_twin import roots_of
from tests.verifier.proof_lies import Lie, lies
from tests.verifier.world import proof_of
from verifier.hand_over_making import HandOverMaker
from verifier.proved_head import ProvedHead
from verifier.proved_online import proved_online
from verifier.subject import Subject
from verifier.trust_roots import TrustRoots
from verifier.verdict import Verdict
from verifier.verify import Verifier

EVERYBODY = ("CN", "SG", "KR", "JP")
Truth = tuple[str, str]


class ProvedSite:
    """documents: with what they are in truth. before: the block before the revocation. proof: of the newest block."""

    def __init__(self, case: Case) -> None:
        self.case = case
        genuine, revoked = case.anchored(), case.anchored(issuer="sg.carrier")
        algorithm = case.consortium.issuer_key(ISSUER).public_key.algorithm
        forged = case.issue(key=PrivateKey.generate(algorithm))
        case.anchor(forged)
        self.before = case.consortium.chain.head()
        self.old_proof = self._proof()
        change = StatusChange("sg.carrier", revoked.digest, Status.REVOKED)
        case.act(case.consortium.registries.document.set_status(change), "sg.maritime")
        self.documents: dict[str, tuple[Envelope, Truth]] = {
            "genuine": (genuine, ("VALID", "ACTIVE")),
            "revoked": (revoked, ("VALID", "REVOKED")),
            "forged": (forged, ("INVALID", "UNKNOWN")),
        }
        self.proof: FinalityProof = self._proof()
        self.roots: TrustRoots = roots_of(case)

    def _proof(self) -> FinalityProof:
        checkpoint = self.case.consortium.checkpoint()
        return proof_of(checkpoint, self.case.cosigned(checkpoint, *EVERYBODY))

    @property
    def honest(self) -> Chain:
        return self.case.consortium.chain

    @property
    def lies(self) -> dict[str, Lie]:
        addresses = [one.address for one in self.case.consortium.network.contracts.values()]
        return lies(self.honest, self.before, addresses)

    def liar(self, lie: Lie) -> Chain:
        node = LyingNode(self.honest.transport)
        node.lies["eth_getProof"] = lie
        return Chain(node)

    def head(self, newest: Callable[..., FinalityProof | None]) -> ProvedHead:
        return ProvedHead(lambda: self.roots, newest, HandOverMaker(self.honest, self.case.consortium.network, newest))

    def verifier(self, *nodes: Chain, newest: Callable[..., FinalityProof | None] | None = None) -> Verifier:
        return proved_online(
            self.case,
            self.head(newest or (lambda until=None: self.proof)),
            [one.proof for one in nodes or (self.honest,)],
            clock=self.case.consortium.clock,
        )

    def verdicts(self, verifier: Verifier) -> dict[str, Verdict]:
        return {
            name: verifier.verify(Subject.presented(envelope.serialize()))
            for name, (envelope, _) in self.documents.items()
        }

    def wrong(self, verdicts: dict[str, Verdict]) -> list[str]:
        """The verdicts that are neither true nor say that something is not known."""
        found = []
        for name, verdict in verdicts.items():
            authentic, usable = self.documents[name][1]
            if verdict.authentic not in (authentic, "INDETERMINATE") or verdict.usable not in (
                usable,
                "UNKNOWN",
                "PENDING",
            ):
                found.append(f"{name}: {verdict.authentic} {verdict.usable}")
        return found

    def truth(self) -> dict[str, Truth]:
        return {name: truth for name, (_, truth) in self.documents.items()}


def axes(verdicts: dict[str, Verdict]) -> dict[str, Truth]:
    return {name: (str(one.authentic), str(one.usable)) for name, one in verdicts.items()}


def with_claims(proof: FinalityProof, **claims: Any) -> FinalityProof:
    """A proof whose checkpoint says something else; the cosignatures stay."""
    return replace(proof, content={**proof.content, "claims": proof.content["claims"] | claims})


def with_cosignatures(proof: FinalityProof, some: Sequence[Any]) -> FinalityProof:
    return replace(proof, content={**proof.content, "cosignatures": list(some)})
