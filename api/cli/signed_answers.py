"""Getting an answer of a node and checking its signature, and its proofs where it has some."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from api.answer_signature import check, stated_kid
from api.cli import output
from api.cli.client import Client
from ledger.errors import Invalid
from ledger.jwk import PublicKey
from ledger.strict_json import parse


@dataclass(frozen=True)
class Checked:
    """An answer whose signature fits. notes: what was checked and what that is worth, for people."""

    answer: dict[str, Any]
    notes: tuple[tuple[str, str], ...]

    def show(self) -> None:
        """Print the block, and what was checked."""
        stated = self.answer["as_of"]
        output.fields([("as of block", f"{stated['block']}, {stated['block_time']}"), *self.notes])


def print_answer(checked: Checked, json: bool, show: Callable[[dict[str, Any]], None]) -> None:
    """Print an answer as JSON, or as `show` does it with what was checked."""
    if json:
        output.as_json(checked.answer)
    else:
        show(checked.answer)
        checked.show()


def ask(client: Client, path: str, trust: Path | None, **params: str | int | None) -> Checked:
    """Return the node's answer. Raises Invalid `answer.*`, `proof.*` where it is not what its signer signed."""
    return checked(client, client.get(path, **params), trust)


def checked(client: Client, answer: Any, trust: Path | None) -> Checked:
    """Return an answer of the node whose signature and proofs are right. Raises as `ask`."""
    if not isinstance(answer, dict):
        raise Invalid("answer.form", "the answer is not a JSON object", mend="check the address given with --node")
    authority, kid = str(answer.get("answered_by")), stated_kid(answer)
    jwk = _pinned(trust, authority, kid) if trust else _stated(client, authority, kid)
    check(answer, PublicKey.from_jwk(jwk))
    worth = f"pinned in {trust.name}" if trust else "by this node's own word; --trust pins it"
    notes = [("signed by", f"{authority}, key {kid} ({worth})")]
    if proofs := answer.get("proofs"):
        from api.proofs import check_proofs  # brings web3, which most commands do without

        slots = check_proofs(proofs, bytes.fromhex(answer["as_of"]["block_hash"].removeprefix("0x")))
        final = "proof of finality is there, not judged" if proofs.get("finality") else "no proof of finality yet"
        notes.append(("proved", f"{slots} storage slots under the block's header ({final})"))
    return Checked(answer, tuple(notes))


def _stated(client: Client, authority: str, kid: str) -> dict[str, Any]:
    """The key as the node that is asked states it: whoever could forge the answer could forge this too."""
    keys = client.get(f"/v1/authorities/{quote(authority, safe='')}")["service_keys"]
    for key in keys:
        if (key["kid"], key["purpose"], key["in_service"]) == (kid, "answers", True):
            return dict(key["jwk"])
    detail = f"the key {kid} is not in service for answers of {authority}"
    raise Invalid("answer.key", detail, mend="ask the node's host, or another node")


def _pinned(trust: Path, authority: str, kid: str) -> dict[str, Any]:
    """The key in a file of the caller's own: `{"cn.customs": [JWK, ...]}`."""
    pinned = parse(trust.read_bytes())
    keys = pinned.get(authority, []) if isinstance(pinned, dict) else []
    for jwk in keys if isinstance(keys, list) else []:
        if isinstance(jwk, dict) and PublicKey.from_jwk(jwk).kid == kid:
            return jwk
    detail = f"{trust.name} has no key {kid} of {authority}"
    raise Invalid("answer.key", detail, mend="get the key from the authority itself, or from a node that you trust")
