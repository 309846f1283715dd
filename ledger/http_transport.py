"""JSON-RPC 2.0 over HTTP: one POST for each request, never repeated."""

import itertools
import json
import time
from typing import Any
from urllib.parse import urlsplit

import httpx

from ledger.errors import Invalid, Unavailable
from ledger.strict_json import Limits, parse

_MEND = "check that the node runs and that its address in the network file is right, then try again"
_MAX_BYTES = 64 * 1024 * 1024


class HttpTransport:
    """Sends requests to the node at `url`; `timeout` (seconds) is for the whole answer, not for each read.

    Proxies of the environment are not used and no redirect is followed: a node is where the network file
    says.
    """

    def __init__(self, url: str, timeout: float = 10.0, max_bytes: int = _MAX_BYTES) -> None:
        self.url = url
        self._shown = _without_secrets(url)
        self._timeout = timeout
        # No answer of a node is nested deeper; refused before anything is read.
        self._limits = Limits(max_bytes, max_depth=64, max_members=5_000_000)
        self._ids = itertools.count(1)
        self._client = httpx.Client(timeout=timeout, trust_env=False, follow_redirects=False)

    def __call__(self, method: str, params: list[Any]) -> dict[str, Any]:
        """Return the response object. Raises Unavailable `chain.connection|timeout|http|answer`."""
        number = next(self._ids)
        body = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        try:
            return self._response(self._post(json.dumps(body).encode()), number)
        except httpx.TimeoutException:
            raise _late(self._shown) from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            detail = f"the node at {self._shown} cannot be reached ({type(error).__name__})"
            raise Unavailable("chain.connection", detail, mend=_MEND) from None

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _post(self, body: bytes) -> bytes:
        deadline = time.monotonic() + self._timeout
        answer = bytearray()
        headers = {"Content-Type": "application/json"}
        with self._client.stream("POST", self.url, content=body, headers=headers) as response:
            if response.status_code != httpx.codes.OK:
                detail = f"the node at {self._shown} answers with HTTP status {response.status_code}"
                raise Unavailable("chain.http", detail, mend=_MEND)
            for part in response.iter_bytes():
                answer += part
                if time.monotonic() > deadline:
                    raise _late(self._shown)
                if len(answer) > self._limits.max_bytes:
                    raise _garbled("is too large")
        return bytes(answer)

    def _response(self, data: bytes, number: int) -> dict[str, Any]:
        try:
            response = parse(data, self._limits)
        except Invalid:
            raise _garbled("is not JSON") from None
        if not isinstance(response, dict) or ("result" in response) == (response.get("error") is not None):
            raise _garbled("is not a JSON-RPC response")
        if "result" in response and response.get("id") != number:
            raise _garbled("belongs to another request")
        return response


def _without_secrets(url: str) -> str:
    """Return scheme, host and port: what stands before the host, in the path or the query may be somebody's key."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")
    except ValueError:
        return "an address that is none"


def _late(url: str) -> Unavailable:
    return Unavailable("chain.timeout", f"the node at {url} did not answer in time", mend=_MEND)


def _garbled(what: str) -> Unavailable:
    return Unavailable("chain.answer", f"the answer of the node {what}", mend=_MEND)
