"""Signed intents as JSON, in which they are handed to who relays them; read strictly."""

import re
from typing import Any

from eth_utils.address import is_checksum_address

from ledger.abi import abi_of
from ledger.errors import Invalid
from ledger.intent import Intent, SignedIntent
from ledger.json_number import MAX_INTEGER
from ledger.registries import NAMES
from ledger.strict_json import Limits, parse

MEMBERS = (
    "registry",
    "chain_id",
    "contract",
    "signer",
    "action",
    "arguments",
    "subject",
    "nonce",
    "deadline",
    "signature",
)
_WORD = re.compile(r"0x[0-9a-f]{64}")
_SIGNATURE = re.compile(r"0x[0-9a-f]{130}")
MOST_WORDS = 4096
"""128 KiB, the most that nodes take in one transaction."""

LIMITS = Limits(max_bytes=512 * 1024, max_depth=4, max_members=MOST_WORDS + 64)


def to_json(signed: SignedIntent) -> dict[str, Any]:
    """Return the intent and its signature: addresses EIP-55, bytes as 0x and lower-case hex."""
    return {**intent_to_json(signed.intent), "signature": f"0x{signed.signature.hex()}"}


def intent_to_json(one: Intent) -> dict[str, Any]:
    """Return the same without a signature: what somebody is to sign."""
    return {
        "registry": one.registry,
        "chain_id": one.chain_id,
        "contract": one.contract,
        "signer": one.signer,
        "action": one.action,
        "arguments": [f"0x{word.hex()}" for word in one.arguments],
        "subject": f"0x{one.subject.hex()}",
        "nonce": one.nonce,
        "deadline": one.deadline,
    }


def read_intent(data: bytes) -> SignedIntent:
    """Read a signed intent that somebody hands in, and check that its signer signed it.

    Raises Invalid `json.*`, `intent.form` with a pointer, `intent.action`, `intent.signature`.
    """
    return from_json(parse(data, LIMITS))


def read_either(data: bytes) -> Intent | SignedIntent:
    """Read an intent that is signed or is to be signed. Raises as read_intent."""
    value = parse(data, LIMITS)
    return from_json(value) if isinstance(value, dict) and "signature" in value else intent_from_json(value)


def from_json(value: Any) -> SignedIntent:
    """Read what to_json gives, and nothing besides. Raises Invalid `intent.form|action|signature`."""
    if not isinstance(value, dict) or value.keys() != set(MEMBERS):
        raise _malformed("", f"an object with exactly {', '.join(MEMBERS)}")
    unsigned = {name: member for name, member in value.items() if name != "signature"}
    intent = intent_from_json(unsigned)
    signed = SignedIntent(intent, _bytes(_SIGNATURE, value["signature"], "/signature"))
    signed.check()
    return signed


def intent_from_json(value: Any) -> Intent:
    """Read what intent_to_json gives, and nothing besides. Raises Invalid `intent.form|action`."""
    if not isinstance(value, dict) or value.keys() != set(MEMBERS) - {"signature"}:
        raise _malformed("", f"an object with exactly {', '.join(MEMBERS[:-1])}, and the signature once signed")
    return Intent(
        registry=_registry(value["registry"]),
        chain_id=_number(value["chain_id"], "/chain_id"),
        contract=_address(value["contract"], "/contract"),
        signer=_address(value["signer"], "/signer"),
        action=_action(value["registry"], value["action"]),
        arguments=_arguments(value["arguments"]),
        subject=_bytes(_WORD, value["subject"], "/subject"),
        nonce=_number(value["nonce"], "/nonce"),
        deadline=_number(value["deadline"], "/deadline"),
    )


def _registry(value: object) -> str:
    if not isinstance(value, str) or value not in NAMES:
        raise _malformed("/registry", f"one of {', '.join(NAMES)}")
    return value


def _action(registry: str, value: object) -> str:
    if not isinstance(value, str):
        raise _malformed("/action", "the signature of a function")
    if value not in abi_of(registry).signatures():
        detail = f"the {registry} has no function {value[:64]!r}"
        raise Invalid("intent.action", detail, mend="compare the editions of signer and relayer", pointer="/action")
    return value


def _arguments(value: object) -> tuple[bytes, ...]:
    if not isinstance(value, list) or len(value) > MOST_WORDS:
        raise _malformed("/arguments", f"a list of at most {MOST_WORDS} words")
    return tuple(_bytes(_WORD, word, f"/arguments/{place}") for place, word in enumerate(value))


def _bytes(form: re.Pattern[str], value: object, pointer: str) -> bytes:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise _malformed(pointer, "0x and the right number of digits 0-9 a-f")
    return bytes.fromhex(value[2:])


def _address(value: object, pointer: str) -> str:
    if not isinstance(value, str) or not is_checksum_address(value):
        raise _malformed(pointer, "an address in checksum form (EIP-55)")
    return value


def _number(value: object, pointer: str) -> int:
    if type(value) is not int or not 0 <= value <= MAX_INTEGER:
        raise _malformed(pointer, "a whole number from 0 to 2^53-1")
    return value


def _malformed(pointer: str, what: str) -> Invalid:
    mend = "send the intent as the signer's program wrote it"
    return Invalid("intent.form", f"a signed intent needs {what} here", pointer=pointer, mend=mend)
