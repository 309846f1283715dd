"""Packs that somebody made otherwise, and signed: with other claims, another content, another proof."""

from dataclasses import replace
from hashlib import sha256
from typing import Any

from ledger.compact_jws import sign_text
from ledger.private_key import PrivateKey
from verifier.pack.body import compress, expand, pack_body, read_body
from verifier.pack.content import Content
from verifier.pack.file import PackFile
from verifier.pack.head import TYPE, read_head


def content_of(file: PackFile) -> Content:
    """What a whole pack says."""
    return read_body(expand(file.body))


def resigned(file: PackFile, key: PrivateKey, **claims: Any) -> PackFile:
    """With other claims in the head."""
    return replace(file, head=sign_text(read_head(file.head)[0].claims() | claims, key, TYPE))


def with_content(file: PackFile, key: PrivateKey, content: Content) -> PackFile:
    """As the customs itself could sign it."""
    body = pack_body(content)
    stated = {"body": {"sha256": sha256(body).hexdigest(), "size": len(body)}, "counts": content.counts}
    return replace(resigned(file, key, **stated), body=compress(body))


def with_proof(file: PackFile, key: PrivateKey, proof: bytes) -> PackFile:
    return replace(resigned(file, key, proof=sha256(proof).hexdigest()), proof=proof)
