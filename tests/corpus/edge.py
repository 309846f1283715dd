"""The mode of a device without a line: a pack for the registries, an evidence file for the anchor."""

from ledger.errors import PortsealError
from tests.corpus.chain_ground import ChainGround
from tests.corpus.court import NOTHING, Court, Said, asked, file_bytes
from tests.corpus.kind import Attempt
from verifier.evidence_reading import read_evidence
from verifier.pack.anchored import Anchored, ByEvidence, NotKnown
from verifier.pack.gate import at_the_gate


def edge(court: Court, attempt: Attempt) -> Said:
    """Only where packs can be made: on a chain whose changes can be listed."""
    ground = court.ground
    assert isinstance(ground, ChainGround)
    try:
        pack = attempt.pack(ground) if attempt.pack else ground.pack
    except PortsealError:
        return NOTHING
    return asked(at_the_gate(pack, _anchored(court, attempt), clock=court.clock(attempt)), attempt)


def _anchored(court: Court, attempt: Attempt) -> Anchored:
    try:
        return ByEvidence(read_evidence(file_bytes(court, attempt)), court.roots)
    except PortsealError:
        return NotKnown()
