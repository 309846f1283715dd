"""Signed intents: calls of a registry that their author signs and anybody submits (IIntents.sol, EIP-712)."""

from dataclasses import dataclass
from typing import Any, Final

from eth_account import Account as EthAccount
from eth_account.messages import SignableMessage, encode_typed_data
from eth_keys.exceptions import BadSignature
from eth_utils.crypto import keccak
from eth_utils.exceptions import ValidationError

from ledger.abi import abi_of
from ledger.account import Account
from ledger.contract import Contract
from ledger.errors import Invalid
from ledger.transaction import Call

_WORD = 32
_SELECTOR = 4
_HALF_ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141 // 2
_TYPES: Final = {
    "EIP712Domain": [
        {"name": "name", "type": "string"},
        {"name": "version", "type": "string"},
        {"name": "chainId", "type": "uint256"},
        {"name": "verifyingContract", "type": "address"},
    ],
    "Intent": [
        {"name": "signer", "type": "address"},
        {"name": "action", "type": "string"},
        {"name": "arguments", "type": "bytes32[]"},
        {"name": "subject", "type": "bytes32"},
        {"name": "nonce", "type": "uint256"},
        {"name": "deadline", "type": "uint256"},
    ],
}


@dataclass(frozen=True, slots=True)
class Intent:
    """A call that is to run as `signer`, once, by `deadline` (seconds since the epoch, inclusive).

    registry: the contract's name (`IssuerRegistry`). action: the function's signature. arguments: their ABI encoding,
    in words of 32 bytes. subject: 32 bytes; nonces count per signer and subject, so what waits for one subject holds
    up no other. Addresses in checksum form (EIP-55).
    """

    registry: str
    chain_id: int
    contract: str
    signer: str
    action: str
    arguments: tuple[bytes, ...]
    subject: bytes
    nonce: int
    deadline: int

    def call_data(self) -> bytes:
        """Return the bytes of the call that it makes."""
        return keccak(self.action.encode("utf-8"))[:_SELECTOR] + b"".join(self.arguments)

    def typed_data(self) -> dict[str, Any]:
        """Return the JSON that a wallet signs (`eth_signTypedData_v4`)."""
        domain = {"name": f"Portseal {self.registry}", "version": "1"}
        return {
            "types": _TYPES,
            "primaryType": "Intent",
            "domain": {**domain, "chainId": self.chain_id, "verifyingContract": self.contract},
            "message": {
                "signer": self.signer,
                "action": self.action,
                "arguments": [f"0x{word.hex()}" for word in self.arguments],
                "subject": f"0x{self.subject.hex()}",
                "nonce": self.nonce,
                "deadline": self.deadline,
            },
        }

    def digest(self) -> bytes:
        """Return the hash that is signed (EIP-712)."""
        message = _signable(self)
        return keccak(b"\x19" + message.version + message.header + message.body)


@dataclass(frozen=True, slots=True)
class SignedIntent:
    """An intent and its signature: r, s (the lower one) and v (27 or 28), 65 bytes."""

    intent: Intent
    signature: bytes

    def signed_by(self) -> str:
        """Return whose signature it is; a contract takes no other than `intent.signer`. Raises Invalid."""
        _check_signature(self.signature)
        try:
            return str(EthAccount.recover_message(_signable(self.intent), signature=self.signature))
        except (BadSignature, ValidationError):
            raise _no_signature("nobody can have signed it") from None

    def check(self) -> None:
        """Raise Invalid `intent.signature` unless the signer has signed it."""
        if (found := self.signed_by()) != self.intent.signer:
            raise _no_signature(f"it is by {found}, or for another chain, contract or content")

    def relay(self) -> Call:
        """Return the call by which any account submits it. Raises Invalid `intent.signature`."""
        self.check()
        one, abi = self.intent, abi_of(self.intent.registry)
        fields = (one.signer, one.action, list(one.arguments), one.subject, one.nonce, one.deadline)
        return Call(one.contract, abi.encode("relay", [fields, self.signature]), abi)


def intent_of(call: Call, signer: str, *, chain_id: int, subject: bytes, nonce: int, deadline: int) -> Intent:
    """Return a call that a registry's client made as an intent, to be signed. Raises Invalid `intent.call`.

    subject: by custom the id that the call is about, 32 bytes; any other word opens a lane of its own, for what is
    urgent. nonce: as next_nonce tells.
    """
    registry, contract, action = _target(call)
    arguments = tuple(call.data[place : place + _WORD] for place in range(_SELECTOR, len(call.data), _WORD))
    if len(subject) != _WORD:
        raise Invalid("intent.call", "the subject does not have 32 bytes", mend="give an id as it stands on chain")
    return Intent(registry, chain_id, contract, signer, action, arguments, subject, nonce, deadline)


def signed_with(account: Account, intent: Intent) -> SignedIntent:
    """Sign an intent that somebody made. Raises Invalid `intent.signer` unless it is the account's own."""
    if intent.signer != account.address:
        detail = f"it is {intent.signer} that is to sign this, not {account.address}"
        raise Invalid("intent.signer", detail, mend="take the signer's account", pointer="/signer")
    return SignedIntent(intent, account.sign_message(_signable(intent)))


def sign_intent(
    account: Account, call: Call, *, chain_id: int, subject: bytes, nonce: int, deadline: int
) -> SignedIntent:
    """Sign a call that a registry's client made, instead of sending it; see intent_of. Raises Invalid `intent.call`."""
    terms = {"chain_id": chain_id, "nonce": nonce, "deadline": deadline}
    return signed_with(account, intent_of(call, account.address, subject=subject, **terms))


def next_nonce(contract: Contract, signer: str, subject: bytes, at: int | None = None) -> int:
    """Return the nonce of the signer's next intent for the subject. Raises as Contract.read does."""
    return int(contract.read("nonce", signer, subject, at=at))


def skip_nonce(contract: Contract, subject: bytes) -> Call:
    """Make void what the sender has signed for its next nonce and nobody has submitted yet."""
    return contract.write("skipNonce", subject)


def _target(call: Call) -> tuple[str, str, str]:
    """Return the registry's name, its address and the signature of the function."""
    action = call.abi.signature(call.data[:_SELECTOR]) if call.abi else None
    if call.abi is None or not call.abi.name or call.to is None or action is None:
        raise Invalid("intent.call", "this is no call of a registry", mend="take a call that a registry's client made")
    if len(call.data) % _WORD != _SELECTOR:
        raise Invalid("intent.call", "the call is not made of whole words", mend="encode its arguments by the ABI")
    return call.abi.name, call.to, action


def _signable(intent: Intent) -> SignableMessage:
    return encode_typed_data(full_message=intent.typed_data())


def _check_signature(signature: bytes) -> None:
    """Refuse what the contracts refuse (OpenZeppelin's ECDSA): other lengths, the higher s, another v."""
    if len(signature) != 65 or signature[64] not in (27, 28):
        raise _no_signature("it does not have 65 bytes of which the last is 27 or 28")
    if not 0 < int.from_bytes(signature[32:64], "big") <= _HALF_ORDER:
        raise _no_signature("its s is not the lower one")


def _no_signature(why: str) -> Invalid:
    detail = f"the signature of the intent is not its signer's: {why}"
    return Invalid("intent.signature", detail, mend="have the signer sign the intent again", pointer="/signature")
