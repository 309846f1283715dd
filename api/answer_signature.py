"""Signatures of answers: a detached JWS (RFC 7515 appendix F) over the RFC 8785 bytes of the rest of the answer.

The key is the `answers` key of the authority that runs the node. A signature proves who answered, for good: an answer
that was wrong can be held against its signer. That the answer is right, only its storage proofs prove.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ledger import base64url, compact_jws
from ledger.canonical import canonicalize
from ledger.errors import Invalid
from ledger.jwk import PublicKey
from ledger.signer import Signer
from ledger.strict_json import Limits

if TYPE_CHECKING:
    from api.node import Node  # brings the server's libraries, which the command line does without

TYPE: Final = "portseal-answer+jwt"
_LIMITS = Limits(max_bytes=64 * 1024 * 1024, max_members=4_000_000)
"""Proofs of many facts are long."""


def signed(node: Node, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer with `answered_by` and `signature`. Raises Refused `custody.none`."""
    return sign({**answer, "answered_by": node.authority}, node.custody.answers_key())


def sign(answer: Mapping[str, Any], signer: Signer) -> dict[str, Any]:
    """Return the answer with its `signature`, `<header>..<signature>`. Raises what compact_jws.sign raises."""
    header, _, signature = compact_jws.sign(answer, signer, TYPE).text.split(".")
    return {**answer, "signature": f"{header}..{signature}"}


def check(answer: Mapping[str, Any], key: PublicKey) -> None:
    """Check that `key` signed the answer as it stands.

    Raises Invalid `answer.unsigned`, `answer.signature`, `answer.key`, `answer.form` and others of that family.
    """
    header, signature = _parts(answer)
    rest = {name: value for name, value in answer.items() if name != "signature"}
    text = f"{header}.{base64url.encode(canonicalize(rest))}.{signature}"
    compact_jws.check_signature(compact_jws.read(text, TYPE, _LIMITS, family="answer"), key, family="answer")


def stated_kid(answer: Mapping[str, Any]) -> str:
    """Return the thumbprint of the key that the answer names; nothing is proved by it. Raises as `check`."""
    return compact_jws.stated_kid(f"{_parts(answer)[0]}..")


def _parts(answer: Mapping[str, Any]) -> tuple[str, str]:
    stated = answer.get("signature")
    if not isinstance(stated, str):
        raise Invalid("answer.unsigned", "the answer is not signed", mend="ask a node that signs its answers")
    parts = stated.split(".")
    if len(parts) != 3 or parts[1]:
        detail = "the signature is not a detached JWS, `<header>..<signature>`"
        raise Invalid("answer.form", detail, pointer="/signature", mend="take the answer whole, as the node gave it")
    return parts[0], parts[2]
