"""Finality on a QBFT chain: a quorum of the pinned validators has sealed the block."""

from anchors.database import Database
from anchors.finality import FinalityProof
from anchors.header_finality import HeaderFinality
from anchors.proof_content import of_header
from ledger.block import Block
from ledger.chain import Chain
from ledger.finality.form import Qbft
from ledger.finality.qbft import verify


class QbftFinality(HeaderFinality):
    """A proof is the block's own header with its seals."""

    def __init__(self, database: Database, chain: Chain, form: Qbft) -> None:
        super().__init__(database, chain, form.name)
        self._validators = form.validators

    def _latest(self, head: Block) -> int:
        return head.number

    def _prove(self, number: int, head: Block) -> FinalityProof | None:
        if number > head.number:
            return None
        header = self._chain.header(number)
        return FinalityProof.of(verify(header, self._validators), of_header(header))
