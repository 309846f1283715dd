"""`/v1/intents`: signed intents, which the node sends to the chain for whoever signed them."""

import re
from typing import Annotated, Any

from eth_utils.address import to_checksum_address
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse

from anchors.intents.relayed import WAITING
from api import body
from api.intent_json import subject_text
from api.moment import show
from api.node import Node
from api.relayed_json import relayed_json
from api.routes import openapi
from api.routes.openapi_intents import INTENT, INTENT_BODY, RELAYED, RELAYING, SIGNER, WORD
from api.routes.parameters import TheNode, digest_of
from api.routes.registration_body import JSON
from ledger.contract import Contract
from ledger.errors import Invalid
from ledger.intent import SignedIntent, next_nonce
from ledger.intent_form import LIMITS, read_intent
from ledger.registries import NAMES

router = APIRouter(prefix="/v1/intents", tags=["intents"])


async def _signed_intent(request: Request) -> bytes:
    if body.media_type(request) != JSON:
        raise Invalid("body.media-type", f"only {JSON} is read here", mend=f"send Content-Type: {JSON}")
    return await body.whole(request, LIMITS.max_bytes)


async def _intent(intent: Annotated[str, Path(description="The intent's hash.", json_schema_extra=INTENT)]) -> bytes:
    return digest_of(intent)


Sent = Annotated[bytes, Depends(_signed_intent)]
IntentHash = Annotated[bytes, Depends(_intent)]
Registry = Annotated[str, Query(description="The contract's name.", json_schema_extra={"enum": list(NAMES)})]
Signer = Annotated[str, Query(description="The signer's address.", json_schema_extra=SIGNER)]
Subject = Annotated[str, Query(description="What the intent is about, 32 bytes.", json_schema_extra=WORD)]


@router.post(
    "", summary="Relay a signed intent", status_code=202, responses=RELAYING, openapi_extra={"requestBody": INTENT_BODY}
)
def relay(node: TheNode, sent: Sent) -> JSONResponse:
    """Check a signed intent and send it to the chain, with the node's own account; the same intent is sent once.

    No API key: the signature is the signer's, who must be an account that the registries know.
    """
    signed: SignedIntent = read_intent(sent)
    answer = relayed_json(node.relay.relay(signed), node.authority_registry)
    status = 202 if answer["state"] == WAITING else 200
    return JSONResponse(answer, status_code=status, headers={"Location": f"/v1/intents/{answer['intent']}"})


# Before the next one, which would take the word for a hash.
@router.get("/nonce", summary="The nonce to sign with", responses={**RELAYED, **openapi.PROBLEMS})
def nonce(node: TheNode, registry: Registry, signer: Signer, subject: Subject) -> dict[str, Any]:
    """Tell the nonce of the signer's next intent for the subject, by the newest block, and for which contract.

    `waiting`: so many intents of this signer are sent and not mined yet.
    """
    place, account, word = _contract(node, registry), _address(signer), _word(subject)
    block = node.chain.head()
    return {
        "registry": registry,
        "chain_id": node.network.chain_id,
        "contract": place.address,
        "signer": account,
        "subject": subject_text(word),
        "nonce": next_nonce(place, account, word, at=block.number),
        "waiting": node.relay.waiting(account),
        "block": block.number,
        "block_time": show(block.timestamp),
    }


@router.get("/{intent}", summary="What became of an intent", responses=RELAYED)
def intent(node: TheNode, intent: IntentHash) -> dict[str, Any]:
    """Show an intent that this node has relayed: waiting, mined in a block, or refused, with the contract's reason."""
    return relayed_json(node.relay.find(intent), node.authority_registry)


def _contract(node: Node, registry: str) -> Contract:
    if registry not in NAMES:
        raise _wrong("registry", f"one of {', '.join(NAMES)}")
    return node.registries.contracts()[registry]


def _address(text: str) -> str:
    if not re.fullmatch(SIGNER["pattern"], text):
        raise _wrong("signer", "an address, 0x and 40 hex digits")
    return str(to_checksum_address(text))


def _word(text: str) -> bytes:
    if not re.fullmatch(WORD["pattern"], text):
        raise _wrong("subject", "0x and 64 digits 0-9 a-f")
    return bytes.fromhex(text[2:])


def _wrong(name: str, what: str) -> Invalid:
    return Invalid("request.parameter", f"{name} is {what}", mend="see /openapi.json for what this address takes")
