"""The chain, and the one module that imports web3 (docs/adr/0030-web3-in-one-module.md)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, cast

from eth_abi.exceptions import DecodingError, EncodingError
from eth_utils.address import to_checksum_address
from eth_utils.crypto import keccak
from hexbytes import HexBytes
from web3 import Web3
from web3.exceptions import TransactionNotFound, Web3Exception
from web3.providers.base import JSONBaseProvider
from web3.types import RPCEndpoint, RPCResponse, TxParams

from ledger.account_proof import AccountProof
from ledger.block import Block, bytes32
from ledger.errors import Invalid, Unavailable
from ledger.header_answer import header_of
from ledger.http_transport import HttpTransport
from ledger.recursion import limit_recursion
from ledger.revert import Reverted
from ledger.rpc_value import read_bytes
from ledger.send_error import SendError, classify, error_of
from ledger.transaction_receipt import Log, TransactionReceipt

Transport = Callable[[str, list[Any]], dict[str, Any]]
"""A JSON-RPC request to one node: method and params in, the whole response object out."""

limit_recursion()

_UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, IndexError, OverflowError, RecursionError)


class _NodeError(Exception):
    """The error that a node states; read before web3 reads it, which fails on some shapes."""

    def __init__(self, stated: object) -> None:
        fields = stated if isinstance(stated, Mapping) else {"message": stated}
        self.message = str(fields.get("message", ""))
        self.data = _revert_data(fields.get("data"))


class _Provider(JSONBaseProvider):
    # A contract could otherwise make this process fetch any URL (EIP-3668).
    global_ccip_read_enabled = False

    def __init__(self, transport: Transport) -> None:
        super().__init__()
        self._transport = transport

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:
        response = self._transport(method, list(params or ()))
        if response.get("error") is not None:
            raise _NodeError(response["error"])
        return cast(RPCResponse, {"jsonrpc": "2.0", "id": 1, "result": response["result"]})


_CODEC = Web3(JSONBaseProvider()).codec


class Chain:
    """One EVM chain seen through one node. Thread-safe; nothing is retried; calls cost nothing.

    is_local: what is stored is at hand in this process, so that many requests take no longer than one for as much.

    Reads take `at`, a block number (None: the newest block). Each method raises Unavailable `chain.*` when
    the node cannot be reached, gives an error or an answer that is none.
    """

    def __init__(self, transport: Transport, *, is_local: bool = False) -> None:
        self.transport = transport
        self.is_local = is_local
        self._provider = _Provider(transport)
        self._eth = Web3(self._provider, middleware=[]).eth
        self._chain_id = 0
        self._genesis_hash = b""

    @classmethod
    def http(cls, url: str, timeout: float = 10.0) -> "Chain":
        """Return the chain as the node at `url` sees it; `timeout` in seconds for each request."""
        return cls(HttpTransport(url, timeout))

    def close(self) -> None:
        """Close the connections to the node, if there are any."""
        if isinstance(self.transport, HttpTransport):
            self.transport.close()

    @property
    def chain_id(self) -> int:
        """The chain's id (EIP-155), asked for once."""
        with _answers():  # not cached_property: before Python 3.12 it has one lock, held here while the node is asked
            self._chain_id = self._chain_id or int(self._eth.chain_id)
        return self._chain_id

    @property
    def genesis_hash(self) -> bytes:
        """The hash of block 0, asked for once."""
        if not self._genesis_hash:
            if (block := self.block(0)) is None:
                raise Unavailable("chain.answer", "the node does not know block 0", mend="ask another node")
            self._genesis_hash = block.hash
        return self._genesis_hash

    def head(self) -> Block:
        """Return the newest block."""
        if (block := self._block("eth_getBlockByNumber", "latest")) is None:
            raise Unavailable("chain.answer", "the node does not know its newest block", mend="ask another node")
        return block

    def block(self, number_or_hash: int | bytes) -> Block | None:
        """Return a block by its number or its hash; None if the node does not know it."""
        if isinstance(number_or_hash, int):
            return self._block("eth_getBlockByNumber", hex(number_or_hash))
        return self._block("eth_getBlockByHash", f"0x{number_or_hash.hex()}")

    def _block(self, method: str, which: str) -> Block | None:
        # Every verification asks for the newest one: reading it takes web3 longer than the node needs for it.
        with _answers():
            found = self._provider.make_request(RPCEndpoint(method), [which, False])["result"]
            return None if found is None else Block.of(found)

    def header(self, number: int) -> bytes:
        """Return the RLP of a block's header, which has the hash that the node states for it.

        Raises Unavailable `chain.no-block` too.
        """
        # The raw answer: web3 keeps extra data of Clique and QBFT under another name.
        with _answers():
            answer = self._provider.make_request(RPCEndpoint("eth_getBlockByNumber"), [hex(number), False])
            return header_of(answer["result"], number).rlp

    def nonce(self, address: str, at: int | None = None, *, pending: bool = False) -> int:
        """Return the nonce of the account's next transaction; `pending`: the waiting ones count too."""
        tag: Any = "pending" if pending else "latest" if at is None else at
        with _answers():
            return int(self._eth.get_transaction_count(_address(address), tag))

    def balance(self, address: str) -> int:
        """Return what the account holds, in wei."""
        with _answers():
            return int(self._eth.get_balance(_address(address)))

    def code(self, address: str, at: int | None = None) -> bytes:
        """Return the code at an address; empty if there is none."""
        with _answers():
            return bytes(self._eth.get_code(_address(address), "latest" if at is None else at))

    def storage(self, address: str, slot: int, at: int | None = None) -> bytes:
        """Return the 32 bytes in a storage slot."""
        parameters = [_address(address), f"0x{slot:064x}", "latest" if at is None else hex(at)]
        # A thousand slots are asked for one after the other: web3 takes longer over each than the node.
        with _answers():
            found = self._provider.make_request(RPCEndpoint("eth_getStorageAt"), parameters)["result"]
            return bytes32(read_bytes(found).rjust(32, b"\0"))

    def call(self, to: str, data: bytes, *, at: int | None = None, sender: str | None = None) -> bytes:
        """Make a call without a transaction and return what it returns. Raises Reverted."""
        request = {"to": to, "data": f"0x{data.hex()}", "gasPrice": "0x0"}
        if sender is not None:
            request["from"] = sender
        # The call that is made most: reading and writing it takes web3 longer than the node needs for it.
        with _answers():
            answer = self._provider.make_request(
                RPCEndpoint("eth_call"), [request, "latest" if at is None else hex(at)]
            )
            return read_bytes(answer["result"])

    def estimate_gas(self, to: str | None, data: bytes, sender: str) -> int:
        """Return the gas that the transaction would need in the next block. Raises Reverted."""
        # The newest block may be a minute old, and contracts compare what they are given with the block's time.
        with _answers():
            return int(self._eth.estimate_gas(_request(to, data, sender), "pending"))

    def send(self, raw: bytes) -> bytes:
        """Send a signed transaction once and return its hash, also if the node has it already.

        Raises Refused or Unavailable as send_error says.
        """
        digest = keccak(raw)
        with _answers():
            try:
                answered = bytes(self._eth.send_raw_transaction(HexBytes(raw)))
            except _NodeError as error:
                return self._resent(digest, error.message)
        if answered != digest:
            raise Unavailable("chain.answer", "the node names another transaction", mend="ask another node")
        return digest

    def knows(self, transaction_hash: bytes) -> bool:
        """Tell whether the node has the transaction, mined or waiting."""
        with _answers():
            try:
                found = self._eth.get_transaction(HexBytes(transaction_hash))
                return bytes(found["hash"]) == transaction_hash
            except TransactionNotFound:
                return False

    def receipt(self, transaction_hash: bytes) -> TransactionReceipt | None:
        """Return the receipt; None as long as the transaction is not mined."""
        with _answers():
            # Asked for again and again until there is one.
            parameters = [f"0x{transaction_hash.hex()}"]
            found = self._provider.make_request(RPCEndpoint("eth_getTransactionReceipt"), parameters)["result"]
            return None if found is None else TransactionReceipt.of(found)

    def logs(
        self,
        address: str,
        from_block: int,
        to_block: int,
        topics: Sequence[bytes | Sequence[bytes] | None] = (),
    ) -> list[Log]:
        """Return the events of a contract in a range of blocks, both ends included, oldest first."""
        query = {"address": _address(address), "fromBlock": hex(from_block), "toBlock": hex(to_block)}
        query["topics"] = [_topic(topic) for topic in topics]
        # There may be thousands: web3 takes longer over their forms than the node over finding them.
        with _answers():
            found = self._provider.make_request(RPCEndpoint("eth_getLogs"), [query])["result"]
            return [Log.of(entry) for entry in found]

    def proof(self, address: str, slots: Sequence[int], at: int | None = None) -> AccountProof:
        """Return the proof of an account and of slots of its storage (EIP-1186), unchecked."""
        with _answers():
            # A proof is hundreds of nodes: web3 takes longer over its forms than the node over finding it.
            words = [f"0x{slot:064x}" for slot in slots]
            parameters = [_address(address), words, "latest" if at is None else hex(at)]
            return AccountProof.of(self._provider.make_request(RPCEndpoint("eth_getProof"), parameters)["result"])

    def _resent(self, digest: bytes, message: str) -> bytes:
        reason = classify(message)
        if reason in (SendError.KNOWN, SendError.NONCE_TAKEN) and self.knows(digest):
            return digest
        raise error_of(reason if reason is not SendError.KNOWN else SendError.OTHER, message) from None


def encode_abi(types: Sequence[str], values: Sequence[Any]) -> bytes:
    """Encode values by their Solidity types; bytes must have exactly their length. Raises Invalid."""
    try:
        return bytes(_CODEC.encode(types, values))
    except (EncodingError, *_UNREADABLE) as error:
        detail = f"the arguments are not {', '.join(types)} ({type(error).__name__})"
        raise Invalid("contract.argument", detail, mend="check the lengths and ranges of the values") from None


def decode_abi(types: Sequence[str], data: bytes) -> tuple[Any, ...]:
    """Decode values by their Solidity types. Raises Unavailable `chain.answer`."""
    try:
        return tuple(_CODEC.decode(types, data))
    except (DecodingError, *_UNREADABLE):
        detail = f"the answer of the node is not {', '.join(types)}"
        raise Unavailable("chain.answer", detail, mend="check the contract's address") from None


@contextmanager
def _answers() -> Iterator[None]:
    try:
        yield
    except _NodeError as error:
        raise _stated(error) from None
    except (Web3Exception, *_UNREADABLE) as error:
        detail = f"the answer of the node cannot be read ({type(error).__name__})"
        raise Unavailable("chain.answer", detail, mend="check the node, or ask another one") from None


def _stated(error: _NodeError) -> Reverted | Unavailable:
    if error.data or "revert" in error.message.lower():
        return Reverted(error.data)
    detail = f"the node gives an error ({error.message[:200]!r})"
    return Unavailable("chain.error", detail, mend="read the node's log, or ask another node")


def _revert_data(stated: object) -> bytes:
    # Some clients write `Reverted 0x..`, some wrap the text in an object.
    text = stated.get("data") if isinstance(stated, Mapping) else stated
    try:
        return bytes.fromhex(text.removeprefix("Reverted ").removeprefix("0x")) if isinstance(text, str) else b""
    except ValueError:
        return b""


@lru_cache(4_096)
def _address(address: str) -> Any:
    return to_checksum_address(address)


def _topic(topic: bytes | Sequence[bytes] | None) -> Any:
    if topic is None or isinstance(topic, bytes):
        return topic and HexBytes(topic).to_0x_hex()
    return [HexBytes(one).to_0x_hex() for one in topic]


def _request(to: str | None, data: bytes, sender: str | None) -> TxParams:
    request: dict[str, Any] = {"data": HexBytes(data), "gasPrice": 0}
    if to is not None:
        request["to"] = _address(to)
    if sender is not None:
        request["from"] = _address(sender)
    return cast(TxParams, request)
