"""A surge of registrations against a node over HTTP: bulk as fast as is asked for, and an urgent one twice a second."""

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from api.demonstration.establishing import Established
from api.demonstration.samples import sample
from ledger.envelope import issue
from ledger.kinds import kind

ISSUER = "cn.eastern-meridian"
_EVERY = 0.5


@dataclass
class Flood:
    """What was sent and what was answered. `promised` and `urgent`: digests of 202s; `turned_away`: answers of 503."""

    address: str
    established: Established
    rate: int
    """Bulk documents a second."""

    promised: list[str] = field(default_factory=list)
    urgent: list[str] = field(default_factory=list)
    turned_away: int = 0
    _faults: list[str] = field(default_factory=list)
    _ended: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Send until the block ends. Every answer that is neither 202 nor 503 `pipeline.busy` fails at its end."""
        threads = [threading.Thread(target=self._guarded, args=(send,)) for send in (self._bulk, self._urgently)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._ended.set()
            for thread in threads:
                thread.join()
        assert self._faults == []

    def _guarded(self, send: Any) -> None:
        key = self.established.tenants[ISSUER].api_key
        try:
            with httpx.Client(
                base_url=self.address, headers={"Authorization": f"Bearer {key}"}, timeout=120, trust_env=False
            ) as http:
                send(http)
        except Exception as error:
            self._faults.append(repr(error))

    def _bulk(self, http: httpx.Client) -> None:
        ready: list[str] = []
        while not self._ended.is_set():
            began = time.monotonic()
            ready = ready or [self._line("BULK") for _ in range(int(self.rate * _EVERY))]
            answers = self._post(http, ready, "bulk")
            # What was turned away is sent again, as a registrant would.
            ready = [line for line, answer in zip(ready, answers, strict=True) if self._note(answer) is None]
            self._ended.wait(max(0.0, _EVERY - (time.monotonic() - began)))

    def _urgently(self, http: httpx.Client) -> None:
        while not self._ended.is_set():
            [answer] = self._post(http, [self._line("URGENT")], "urgent")
            digest = self._note(answer)
            if digest is not None:
                self.urgent.append(digest)
            self._ended.wait(_EVERY)

    def _post(self, http: httpx.Client, lines: Sequence[str], lane: str) -> list[dict[str, Any]]:
        headers = {"Content-Type": "application/x-ndjson"}
        answer = http.post("/v1/documents", params={"lane": lane}, content="\n".join(lines).encode(), headers=headers)
        if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE:
            return [{"status": 503, "problem": answer.json()}] * len(lines)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        return [json.loads(line) for line in answer.text.splitlines()]

    def _note(self, answer: dict[str, Any]) -> str | None:
        if answer["status"] == httpx.codes.SERVICE_UNAVAILABLE:
            assert answer["problem"]["code"] == "pipeline.busy", answer
            self.turned_away += 1
            return None
        assert answer["status"] == httpx.codes.ACCEPTED, answer
        self.promised.append(answer["digest"])
        return str(answer["digest"])

    def _line(self, word: str) -> str:
        document = sample("bill-of-lading") | {"transportDocumentReference": f"{word}{time.monotonic_ns()}"}
        key = self.established.keys.issuer_keys[ISSUER]
        return json.dumps(
            {"envelope": issue(document, kind("bill-of-lading"), ISSUER, key, iat=int(time.time())).serialize()}
        )
