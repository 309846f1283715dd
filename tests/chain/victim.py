"""A process that mines and says what it mined, until it is killed: `python -m tests.chain.victim DIRECTORY SEED`."""

import random
import sys
from pathlib import Path

from ledger.embedded import EmbeddedChain
from tests.chain.contracts import STORE, creation, words
from tests.chain.sender import Sender, ask

CONTRACT = "0xF2E246BB76DF876Cef8b38ae84130F4F55De395b"  # what account 1 creates with its first transaction


def main(directory: Path, seed: int) -> None:
    chance = random.Random(seed)
    sender = Sender()
    chain = EmbeddedChain.open(directory)
    sender.nonce = int(ask(chain, "eth_getTransactionCount", sender.address, "latest"), 16)
    if sender.nonce == 0:
        sender.send(chain, data=creation(STORE))
    while True:
        sent = []
        for _ in range(chance.randrange(6)):
            sent.append(sender.send(chain, to=CONTRACT, data=words(sender.nonce, sender.nonce)))
        chain.mine()
        for one in sent:
            print(one, ask(chain, "eth_getTransactionReceipt", one)["blockHash"], flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
