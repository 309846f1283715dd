"""A share of the corpus on the embedded chain: the contracts' own state, real transactions, real proofs.

All kinds share one consortium and one anchor. Left out is what only a world in memory can do: what contracts refuse,
and what happens at a second that is chosen.
"""

from random import Random

import pytest

from tests.consortium import Consortium
from tests.corpus import (
    claims,
    disclosures,
    envelope,
    gate_codes,
    gate_statements,
    gate_trees,
    inclusion,
    issuers,
    keys,
    node_proofs,
    nodes,
    pack_makers,
    packs,
    statuses,
)
from tests.corpus.chain_ground import ChainGround
from tests.corpus.hearing import Modes, hear_all, report
from tests.corpus.kind import Kind
from tests.corpus.test_corpus import SEED
from tests.long import long_or
from tests.tables import Table, Tally

pytestmark = [pytest.mark.slow, pytest.mark.timeout(long_or(7200, 900))]
COUNT = long_or(20, 1)
NOT_HERE = {
    *("key reinstated over a compromise", "key not yet in force", "key whose term was over"),
    *("key whose term ended after the anchor", "country left before the anchor", "country left after the anchor"),
    *("issuer before its dates", "issuer after its dates", "issuer within its dates", "issuer outside its ports"),
    *("issuer without any port", "port ended before the anchor", "issuer within its ports"),
    *(
        "authority never in office",
        "body without delegation",
        "issuer never entered",
        "bodies that accredit each other",
    ),
    *("revoked, then reinstated", "revoked later than asked", "status by another issuer"),
    *("reinstated by another issuer", "superseded in a circle", "status of a newer contract"),
    *("node has a state of its own", "node proves another contract"),
    *("pack of within its anchor's hour", "code of an hour that the pack has not"),
    *(
        f"statement of an issuer {where}"
        for where in ("within its chapters", "outside its chapters", "without any chapter")
    ),
}
# What is wrong with the bytes alone has little to do with the chain: a sample of it.
BYTES = (*envelope.KINDS, *claims.KINDS, *disclosures.KINDS)[:: long_or(1, 6)]
CARRIED = (*pack_makers.KINDS, *gate_statements.KINDS, *gate_codes.KINDS, *gate_trees.KINDS)[:: long_or(1, 4)]
OTHERS = [kind for noun in (inclusion, keys, issuers, statuses, nodes, node_proofs, packs) for kind in noun.KINDS]
KINDS = [kind for kind in (*BYTES, *CARRIED, *OTHERS) if kind.name not in NOT_HERE]


@pytest.fixture(scope="module")
def heard(consortium: Consortium) -> dict[str, Modes]:
    return hear_all(KINDS, COUNT, SEED, ChainGround(consortium, Random(SEED)).settled())


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_no_wrong_verdict(kind: Kind, heard: dict[str, Modes], table: Table, tally: Tally) -> None:
    report(kind, heard[kind.name], ", chain", table, tally)
