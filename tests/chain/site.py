"""What the contract tests of the chain port stand on: a chain, an account on it, and a few small contracts."""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from ledger.account import Account
from ledger.chain import Chain
from ledger.transaction import GAS, Call, SignedTransaction, await_receipt, sign
from ledger.transaction_receipt import TransactionReceipt
from tests.chain.contracts import REVERT, STORE, creation, logger

NOWHERE = "0x000000000000000000000000000000000000dEaD"


@dataclass
class Sender:
    """An account without money that counts its own nonces."""

    chain: Chain
    account: Account = field(default_factory=Account.generate)
    nonce: int = 0

    @property
    def address(self) -> str:
        return self.account.address

    def signed(self, data: bytes = b"", to: str | None = NOWHERE, *, gas: int = GAS) -> SignedTransaction:
        return sign(self.account, Call(to, data), nonce=self.nonce, chain_id=self.chain.chain_id, gas=gas)

    def send(self, data: bytes = b"", to: str | None = NOWHERE, *, gas: int = GAS) -> bytes:
        digest = self.chain.send(self.signed(data, to, gas=gas).raw)
        self.nonce += 1
        return digest


@dataclass
class Site:
    """`depth`: so many blocks on top of one, and it stays (blocks of a Clique chain may be replaced before)."""

    chain: Chain
    depth: int = 0

    def __post_init__(self) -> None:
        self.sender = Sender(self.chain)
        sent = [self.sender.send(creation(code), None) for code in (STORE, REVERT, logger(2))]
        receipts = self.settled(sent)
        self.store, self.revert, self.logger = (str(receipt.contract_address) for receipt in receipts)
        self.block = max(receipt.block_number for receipt in receipts)

    def settled(self, hashes: Sequence[bytes]) -> list[TransactionReceipt]:
        """Return the receipts as they stay."""
        self.settle(max(await_receipt(self.chain, one).block_number for one in hashes))
        return [await_receipt(self.chain, one) for one in hashes]

    def settle(self, block: int | None = None) -> None:
        """Wait until the block, the newest if none is given, stays."""
        newest = self.chain.head().number if block is None else block
        while self.chain.head().number < newest + self.depth:
            time.sleep(0.1)

    def done(self, data: bytes = b"", to: str | None = NOWHERE) -> TransactionReceipt:
        """Send one transaction of the site's account and wait until its block stays."""
        return self.settled([self.sender.send(data, to)])[0]
