"""What other processes do to a chain in the tests: mine until they are killed, or try to open it too."""

import random
from pathlib import Path

from ledger.embedded import EmbeddedChain
from ledger.errors import PortsealError
from tests.chain.contracts import STORE, creation, words
from tests.chain.sender import Sender, ask

CONTRACT = "0xF2E246BB76DF876Cef8b38ae84130F4F55De395b"  # what account 1 creates with its first transaction


def mine_until_killed(directory: Path, notes: Path, seed: int) -> None:
    """Write a line with transaction and block hash for every receipt that was given."""
    chance = random.Random(seed)
    sender = Sender()
    chain = EmbeddedChain.open(directory)
    sender.nonce = int(ask(chain, "eth_getTransactionCount", sender.address, "latest"), 16)
    if sender.nonce == 0:
        sender.send(chain, data=creation(STORE))
    while True:
        sent = [_store(chain, sender) for _ in range(chance.randrange(6))]
        chain.mine()
        receipts = [ask(chain, "eth_getTransactionReceipt", one) for one in sent]
        with notes.open("a") as file:
            file.writelines(f"{one['transactionHash']} {one['blockHash']}\n" for one in receipts)


def _store(chain: EmbeddedChain, sender: Sender) -> str:
    return sender.send(chain, to=CONTRACT, data=words(sender.nonce, sender.nonce))


def note_refusal(directory: Path, notes: Path) -> None:
    """Write down the code with which opening is refused."""
    try:
        EmbeddedChain.open(directory)
    except PortsealError as error:
        notes.write_text(error.code)
