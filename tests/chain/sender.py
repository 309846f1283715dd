"""An account that signs and sends to the embedded chain."""

from typing import Any

from eth_account import Account

from ledger.embedded import DEFAULT_CHAIN_ID, EmbeddedChain
from tests.chain.contracts import creation


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now: float = 1_800_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def ask(chain: EmbeddedChain, method: str, *params: Any) -> Any:
    """Return the result; fail on an error."""
    response = chain.request(method, list(params))
    assert "result" in response, response
    return response["result"]


def fault(chain: EmbeddedChain, method: str, *params: Any) -> dict[str, Any]:
    """Return the error; fail on a result."""
    response = chain.request(method, list(params))
    assert "error" in response, response
    return dict(response["error"])


class Sender:
    """Counts its own nonces."""

    def __init__(self, seed: int = 1) -> None:
        self.account = Account.from_key(seed.to_bytes(32, "big"))
        self.address = self.account.address
        self.nonce = 0

    def raw(self, **fields: Any) -> str:
        """Sign a transaction without fee; `fields` replaces any of its members, None leaves one out."""
        usual = {
            "nonce": self.nonce,
            "gas": 200_000,
            "gasPrice": 0,
            "chainId": DEFAULT_CHAIN_ID,
            "value": 0,
            "data": b"",
        }
        given = {name: value for name, value in {**usual, **fields}.items() if value is not None}
        return "0x" + self.account.sign_transaction(given).raw_transaction.hex()

    def send(self, chain: EmbeddedChain, **fields: Any) -> str:
        """Send the next transaction; return its hash."""
        sent = ask(chain, "eth_sendRawTransaction", self.raw(**fields))
        self.nonce += 1
        return str(sent)

    def deploy(self, chain: EmbeddedChain, runtime: bytes) -> str:
        """Install `runtime` in a block of its own; return its address."""
        sent = self.send(chain, data=creation(runtime))
        chain.mine()
        return str(ask(chain, "eth_getTransactionReceipt", sent)["contractAddress"])
