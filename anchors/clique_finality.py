"""Finality on a Clique chain (EIP-225): enough of the pinned signers have built upon the block. For tests only."""

from anchors.database import Database
from anchors.finality import FinalityProof
from anchors.header_finality import HeaderFinality
from anchors.proof_content import LONGEST, of_headers
from ledger.block import Block
from ledger.chain import Chain
from ledger.errors import Invalid
from ledger.finality.clique import quorum, verify
from ledger.finality.form import Clique


class CliqueFinality(HeaderFinality):
    """A proof is the block's header and those of its descendants, as many as needed and at most LONGEST.

    A block whose descendants have too few signers even so (one was away for long) rests on a later block's proof.
    Raises Invalid `network.form` for more than 94 signers, whose proofs would be longer.
    """

    def __init__(self, database: Database, chain: Chain, form: Clique) -> None:
        super().__init__(database, chain, form.name)
        self._signers = form.signers
        self._fewest = quorum(len(form.signers)) + 1
        if self._fewest > LONGEST:
            detail = f"{len(form.signers)} signers need proofs of more than {LONGEST} headers"
            raise Invalid("network.form", detail, pointer="/finality/signers", mend="use a QBFT chain")

    def _latest(self, head: Block) -> int:
        return head.number - 2 * self._fewest

    def _prove(self, number: int, head: Block) -> FinalityProof | None:
        there = min(head.number - number + 1, LONGEST)
        length, headers = self._fewest, list[bytes]()
        while len(headers) < there >= self._fewest:
            headers += [self._chain.header(one) for one in range(number + len(headers), number + min(length, there))]
            proof = self._judge(headers)
            if proof is not None:
                return proof
            length *= 2
        return None

    def _judge(self, headers: list[bytes]) -> FinalityProof | None:
        try:
            return FinalityProof.of(verify(headers, self._signers), of_headers(headers))
        except Invalid as error:
            if error.code == "finality.too-few":
                return None
            raise
