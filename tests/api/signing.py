"""Members of the demonstration consortium who sign intents and have no node: they reach another member's by HTTP."""

import time
from dataclasses import dataclass
from typing import Any

import httpx

from ledger.account import Account
from ledger.authority import Role
from ledger.consortium import ConsortiumKeys
from ledger.identifier import to_bytes32
from ledger.intent import SignedIntent, next_nonce, sign_intent
from ledger.intent_form import to_json
from ledger.operator import Grant, operator_id
from ledger.registries import Registries
from ledger.transaction import Call
from tests.demonstration_node import Api

FAR = 2**40


@dataclass
class Signing:
    """`http` reaches the node that relays; `registries` are read through whichever node of the chain.

    depth: blocks on top of an intent's before it is done.
    """

    http: httpx.Client
    registries: Registries
    chain_id: int
    keys: ConsortiumKeys
    depth: int = 0

    @classmethod
    def by(cls, api: Api) -> "Signing":
        return cls(api.http, api.node.registries, api.node.network.chain_id, api.established.keys)

    def account(self, authority: str, role: Role = Role.ACT) -> Account:
        return self.keys.accounts[authority, role]

    def signed(self, account: Account, call: Call, subject: bytes, **changed: Any) -> SignedIntent:
        contract = next(one for one in self.registries.contracts().values() if one.address == call.to)
        terms = {
            "chain_id": self.chain_id,
            "nonce": next_nonce(contract, account.address, subject),
            "deadline": FAR,
        }
        return sign_intent(account, call, subject=subject, **(terms | changed))

    def operator(self, code: str, **changed: Any) -> SignedIntent:
        """Singapore's customs grants an operator."""
        call = self.registries.operator.grant([Grant(code)])
        subject = changed.pop("subject", operator_id(code))
        return self.signed(changed.pop("account", self.account("sg.customs")), call, subject, **changed)

    def post(self, signed: SignedIntent, **changed: Any) -> Any:
        return self.http.post("/v1/intents", json=to_json(signed) | changed)

    def settled(self, intent: str) -> dict[str, Any]:
        """Wait until the chain has said what became of it."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            answer: dict[str, Any] = self.http.get(f"/v1/intents/{intent}").json()
            if answer["state"] != "waiting":
                return answer
            time.sleep(0.05)
        raise AssertionError(f"{intent} still waits")

    def answer(self, path: str) -> dict[str, Any]:
        """What the node answers now."""
        response = self.http.get(path)
        assert response.status_code == 200, response.text
        answer: dict[str, Any] = response.json()
        return answer

    def done(self, signed: SignedIntent) -> dict[str, Any]:
        """Relay it and wait until it is mined, and does not become another block's."""
        response = self.post(signed)
        assert response.status_code in (200, 202), response.text
        answer, chain, deadline = self.mined(response), self.registries.operator.contract.chain, time.monotonic() + 90
        while chain.head().number < answer["block"] + self.depth:
            assert time.monotonic() < deadline, "no more blocks"
            time.sleep(0.1)
            answer = self.mined(response)
        return answer

    def mined(self, response: Any) -> dict[str, Any]:
        """Wait until what was relayed is mined."""
        answer = self.settled(response.json()["intent"])
        assert answer["state"] == "mined", answer
        return answer


def id_word(identifier: str) -> bytes:
    return to_bytes32(identifier)
