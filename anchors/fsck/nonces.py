"""No nonce is missing that the next transactions of an account wait for."""

from collections.abc import Iterator

from sqlalchemy import select

from anchors.database.models import TransactionRow
from anchors.fsck.finding import Finding
from anchors.fsck.scene import Scene


def check(scene: Scene) -> Iterator[Finding]:
    """Raises Unavailable `chain.*`. A nonce below the chain's is used, by whomever: nothing waits for it."""
    for account in sorted(scene.accounts):
        # Read after the view was taken, so that it is never too low for it.
        used = scene.chain.nonce(account)
        query = select(TransactionRow.nonce).where(TransactionRow.sender == account, TransactionRow.nonce >= used)
        expected = used
        for nonce in scene.session.scalars(query.order_by(TransactionRow.nonce).execution_options(yield_per=1_000)):
            if nonce > expected:
                missing = f"{expected}" if nonce == expected + 1 else f"{expected} to {nonce - 1}"
                detail = f"nothing is signed with nonce {missing}, and {nonce} waits for it"
                mend = "start the node: it fills the gap; if it does not, the account is used elsewhere"
                yield Finding("nonce.gap", f"account {account}", detail, mend)
            expected = nonce + 1
        scene.step(1)
