"""The same question asked of an edge pack: it must be answered as it was online at the same block."""

from typing import TYPE_CHECKING, Any

from anchors.finality import FinalityProof
from ledger.authority import Purpose
from tests.verifier.file_twin import file_of, plain
from tests.verifier.world import proof_of
from verifier.pack.anchored import ByEvidence
from verifier.pack.content import Content
from verifier.pack.facts import PackFacts
from verifier.pack.file import PackFile, read_file
from verifier.pack.limits import DEFAULT, StaleLimits
from verifier.pack.making import Before, PackMaker
from verifier.pack.opened import Pack
from verifier.pack.opening import open_pack
from verifier.question import Question
from verifier.registry_facts import RegistryFacts
from verifier.sources import Sources
from verifier.subject import Subject
from verifier.verdict import Verdict
from verifier.verify import Verifier

if TYPE_CHECKING:
    from tests.verifier.chain_case import Case

BY = "cn.customs"


class PackTwin:
    """Makes packs of a case's chain, each after the one before; what was written is read again."""

    def __init__(self, case: "Case", by: str = BY) -> None:
        self.case, self.by = case, by
        self.files: list[PackFile] = []
        self.added: list[Content] = []
        self._before: Before | None = None
        self._newest: Pack | None = None

    def proof(self) -> FinalityProof:
        """Of the newest block, which everybody cosigns."""
        checkpoint = self.case.consortium.checkpoint()
        return proof_of(checkpoint, self.case.cosigned(checkpoint, "CN", "SG", "KR", "JP"))

    def maker(self, signer: Any = None) -> PackMaker:
        consortium = self.case.consortium
        judge = RegistryFacts(consortium.chain, consortium.registries, consortium.network.finality).finality
        key = signer or consortium.service_key(self.by, Purpose.ANSWERS)
        return PackMaker(consortium.chain, consortium.network, lambda until=None: None, judge, self.by, key)

    def newest(self, limits: StaleLimits = DEFAULT, hours_from: int = 0) -> Pack:
        """Of the newest block, made if there is none yet."""
        head = self.case.consortium.chain.head()
        if self._newest is None or self._newest.block.number < head.number:
            now, roots = int(self.case.consortium.clock()), self.case.roots
            file, new = self.maker().make(self.proof(), roots, now, self._before, limits, hours_from)
            read = read_file(file.encode())
            assert read == file
            pack = open_pack(read, roots, self.by)
            self.files.append(file)
            self.added.append(new)
            self._before, self._newest = Before(file.head, pack.head, pack.content), pack
        return self._newest


def check(case: "Case", subject: Subject, question: dict[str, Any], online: Verdict) -> None:
    """With an evidence file for the anchor, and the pack for everything else."""
    file, pack = file_of(case, subject), case.packs.newest()
    anchored = ByEvidence(file, case.roots)
    verifier = Verifier(Sources(anchored, PackFacts(pack, anchored)), clock=case.consortium.clock)
    packed = verifier.verify(subject, Question(**question))
    assert plain(packed) == plain(online)
