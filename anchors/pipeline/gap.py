"""Nonces that nobody will ever send: an empty transaction takes their place, so that the later ones can be mined."""

from collections.abc import Sequence

import structlog
from sqlalchemy import select

from anchors.database.models import TransactionRow
from anchors.pipeline.movement import unmined, write_down
from anchors.pipeline.replacement import empty
from anchors.pipeline.resources import Resources
from ledger.chain import Chain
from ledger.errors import Refused
from ledger.failpoint import reached
from ledger.fee import fee_of
from ledger.transaction import estimate_gas, sign

MOST = 64
"""Nonces that are filled at once; more than these are not lost rows but a node or a database that is wrong."""

_log = structlog.get_logger(__name__)


def step(resources: Resources) -> int:
    """Fill the gaps below the account's waiting transactions; return how many nonces were filled.

    A gap is a nonce without a row that the chain has not used in a block that is later, by `stuck_seconds`, than all
    transactions that wait: what a node that lags says is older. Raises Refused `chain.nonce-gap` if more than
    MOST are missing, `chain.fee-ceiling`; Unavailable `chain.*`, `database.*`.
    """
    if not resources.leases.hold(resources.account_work):
        return 0
    waiting = unmined(resources)
    if not waiting or _follows_a_row(resources, waiting):
        return 0
    since = max(one.created_at for one in waiting) + resources.limits.stuck_seconds
    if resources.now < since:
        return 0
    used = resources.witnesses.agreed(lambda chain: _used(chain, resources.account.address, since))
    if used is None:
        return 0
    return _fill(resources, _missing(resources, used, waiting[-1].nonce))


def _follows_a_row(resources: Resources, waiting: Sequence[TransactionRow]) -> bool:
    """Tell, without asking the chain, that no nonce is missing: there is a row just below, and none missing between."""
    lowest, highest = waiting[0].nonce, waiting[-1].nonce
    return not _missing(resources, max(0, lowest - 1), highest)


def _used(chain: Chain, address: str, since: int) -> int | None:
    # The head first: at its time no more than these nonces were used.
    head = chain.head()
    return chain.nonce(address) if head.timestamp >= since else None


def _missing(resources: Resources, first: int, last: int) -> list[int]:
    query = select(TransactionRow.nonce).where(
        TransactionRow.sender == resources.account.address, TransactionRow.nonce.between(first, last)
    )
    with resources.database.read() as session:
        known = set(session.scalars(query))
    if last - first + 1 - len(known) > MOST:
        detail = f"more than {MOST} nonces are missing from {first} to {last}"
        mend = "compare the account's nonce on several nodes with the table of transactions"
        raise Refused("chain.nonce-gap", detail, mend=mend)
    return [nonce for nonce in range(first, last + 1) if nonce not in known]


def _fill(resources: Resources, nonces: Sequence[int]) -> int:
    if not nonces:
        return 0
    chain, call = resources.chain, empty(resources)
    gas = estimate_gas(chain, resources.account.address, call)
    fee, chain_id = fee_of(chain, resources.limits.gas_price_ceiling), chain.chain_id
    with resources.write(resources.account_work) as session:
        for nonce in nonces:
            signed = sign(resources.account, call, nonce=nonce, chain_id=chain_id, gas=gas, fee=fee)
            write_down(session, signed, fee, resources.now)
        reached("gap.commit.before")
    reached("gap.commit.after")
    for nonce in nonces:
        _log.warning("nonce gap filled", nonce=nonce)
    return len(nonces)
