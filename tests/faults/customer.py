"""Someone who registers documents at a node that may die at any moment, and keeps what it was promised."""

import json
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from api.demonstration.establishing import Established
from api.demonstration.plan import READER
from api.demonstration.samples import sample
from ledger.envelope import issue
from ledger.kinds import kind

Document = dict[str, Any]
_GROUP = 8
_PAUSE = 0.1
_ALREADY_REVOKED = "contract.DocumentRegistryStatusFinal"


@dataclass(frozen=True)
class Asked:
    """A request, kept until it is answered: after a crash it is sent again as it was."""

    path: str
    body: bytes
    headers: dict[str, str]


class Customer:
    """An issuer and its tenant.

    promised: digests for which a 202 came. revoked: those that it asked to revoke. numbers: of all documents that it
    asked to register. cut_off: how often the node did not live to answer. repeated: how often the next one said
    that the document was registered already.
    """

    def __init__(self, established: Established, issuer: str, kind_name: str, number_member: str, seed: int) -> None:
        self.issuer = issuer
        self.promised: list[str] = []
        self.revoked: list[str] = []
        self.numbers: list[str] = []
        self.cut_off = 0
        self.repeated = 0
        self._kind = kind(kind_name)
        self._number_member = number_member
        self._key = established.keys.issuer_keys[issuer]
        self._authorization = {"Authorization": f"Bearer {established.tenants[issuer].api_key}"}
        self._chance = random.Random(seed)
        self._unanswered: list[Asked] = []

    def live(self, address: str, ended: threading.Event) -> None:
        """Ask again for what was not answered, then for more and more, until the node is gone or `ended` is set."""
        with self._cut_off(), self._client(address) as http:
            self.settle(address)
            while not ended.is_set():
                self._ask(http, self._next())
                time.sleep(self._chance.random() * _PAUSE)

    def ask_one(self, address: str) -> None:
        """Ask for one document."""
        with self._cut_off(), self._client(address) as http:
            self._ask(http, self._one())

    def settle(self, address: str) -> None:
        """Ask again for what was not answered."""
        with self._client(address) as http:
            while self._unanswered:
                self._ask(http, self._unanswered.pop(0))

    @contextmanager
    def _cut_off(self) -> Iterator[None]:
        try:
            yield
        except httpx.TransportError:
            self.cut_off += 1

    def _client(self, address: str) -> httpx.Client:
        return httpx.Client(base_url=address, headers=self._authorization, timeout=60, trust_env=False)

    def _ask(self, http: httpx.Client, asked: Asked) -> None:
        self._unanswered.append(asked)
        response = http.post(asked.path, content=asked.body, headers=asked.headers)
        if asked.path.endswith("/status"):
            assert response.status_code == 200 or response.json()["code"] == _ALREADY_REVOKED, response.text
        else:
            assert response.status_code == 202, response.text
            for line in response.text.splitlines():
                self._note(json.loads(line))
        self._unanswered.remove(asked)

    def _note(self, answer: dict[str, Any]) -> None:
        assert answer.get("status", 202) == 202, answer
        self.promised.append(answer["digest"])
        self.repeated += answer["repeated"]

    def _next(self) -> Asked:
        choice = self._chance.random()
        left = [digest for digest in self.promised if digest not in self.revoked]
        if left and (choice < 0.3 or not self.revoked):
            return self._revocation(self._chance.choice(left))
        return self._one() if choice < 0.65 else self._group()

    def _one(self) -> Asked:
        """One plain document, which the node signs with the issuer's key in its custody."""
        body = {"kind": self._kind.name, "document": self._document(), "readers": [READER]}
        return self._registration(json.dumps(body).encode(), "application/json")

    def _group(self) -> Asked:
        """Some envelopes, signed here, in one call."""
        lines = [json.dumps({"envelope": self._envelope()}) for _ in range(self._chance.randint(2, _GROUP))]
        return self._registration("\n".join(lines).encode(), "application/x-ndjson")

    def _registration(self, body: bytes, media_type: str) -> Asked:
        headers = {"Content-Type": media_type, "Idempotency-Key": f"{self._chance.getrandbits(128):032x}"}
        return Asked("/v1/documents", body, headers)

    def _revocation(self, digest: str) -> Asked:
        self.revoked.append(digest)
        return Asked(f"/v1/documents/{digest}/status", b'{"status": "revoked"}', {"Content-Type": "application/json"})

    def _envelope(self) -> str:
        return issue(self._document(), self._kind, self.issuer, self._key, iat=int(time.time())).serialize()

    def _document(self) -> Document:
        self.numbers.append(f"{self.issuer[3:7].upper()}{len(self.numbers):08d}")
        return sample(self._kind.name) | {self._number_member: self.numbers[-1]}


def customers(established: Established, chance: random.Random) -> Iterator[Customer]:
    """Yield a carrier, a chamber and an AEO office, whose keys the node keeps."""
    for issuer, kind_name, member in (
        ("cn.eastern-meridian", "bill-of-lading", "transportDocumentReference"),
        ("cn.ningbo-origin", "certificate-of-origin", "certificateNumber"),
        ("cn.aeo-office", "aeo-credential", "certificateNumber"),
    ):
        yield Customer(established, issuer, kind_name, member, chance.randrange(2**32))
