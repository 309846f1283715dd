"""The command line's way to a node: HTTP, with problems turned back into our errors."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import h11
import httpx

from api.cli.duplex import exchange
from ledger.errors import Invalid, PortsealError, Refused, Unavailable

DEFAULT_NODE = "http://127.0.0.1:8080"
TIMEOUT = httpx.Timeout(30.0, read=600.0)


class Client:
    """Calls a node. `api_key` is sent only to the node named."""

    def __init__(self, node: str | None = None, api_key: str | None = None) -> None:
        self.node = (node or os.environ.get("PORTSEAL_NODE") or DEFAULT_NODE).rstrip("/")
        key = api_key or os.environ.get("PORTSEAL_API_KEY")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._options: dict[str, Any] = {"headers": headers, "timeout": TIMEOUT, "trust_env": False}

    def get(self, path: str, **params: str | int | None) -> Any:
        """Return the JSON of `path`. Raises as `request`."""
        return _json(self.request("GET", path, params=_given(params)))

    def post(self, path: str, json: Any, **params: str | int | None) -> Any:
        """Post JSON and return the JSON of the answer."""
        return _json(self.request("POST", path, json=json, params=_given(params)))

    def post_lines(self, path: str, lines: Iterator[bytes], headers: dict[str, str]) -> Iterator[str]:
        """Post NDJSON as it is made; yield the answer's lines."""
        sent = {"Content-Type": "application/x-ndjson", **headers}
        try:
            with self._http() as http, http.stream("POST", path, content=lines, headers=sent) as response:
                if response.is_error:
                    response.read()
                    raise _error(response)
                yield from response.iter_lines()
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def events(self, path: str, cursor: str | None, **params: str | int | None) -> Iterator[dict[str, str]]:
        """Yield the server-sent events of `path` after the cursor, as their fields, until the node ends the stream."""
        headers = {"Last-Event-ID": cursor} if cursor else {}
        try:
            with self._http() as http, http.stream("GET", path, params=_given(params), headers=headers) as response:
                if response.is_error:
                    response.read()
                    raise _error(response)
                event: dict[str, str] = {}
                for line in response.iter_lines():
                    name, _, value = line.partition(": ")
                    if line:
                        event[name] = value
                    else:
                        yield event
                        event = {}
        except httpx.TransportError as error:
            raise self._unreachable(error) from error

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        """Return a successful response. Raises Invalid, Refused or Unavailable as the node's problem says."""
        try:
            with self._http() as http:
                response = http.request(method, path, **options)
        except httpx.TransportError as error:
            raise self._unreachable(error) from error
        if response.is_error:
            raise _error(response)
        return response

    def post_both_ways(self, path: str, pieces: Iterator[bytes], take: Callable[[bytes], None]) -> bool:
        """Post NDJSON as it is made, and give `take` the answer as it comes; tell whether the answer is whole.

        Raises as `request`.
        """
        sent = {"Content-Type": "application/x-ndjson", **self._options["headers"]}
        try:
            answer = exchange(f"{self.node}{path}", sent, pieces, take)
        except (OSError, h11.ProtocolError, TimeoutError) as error:
            raise self._unreachable(error) from error
        if answer.status >= httpx.codes.BAD_REQUEST:
            raise _error(httpx.Response(answer.status, content=answer.body))
        return answer.whole and answer.status == httpx.codes.OK

    def _http(self) -> httpx.Client:
        # One connection for each call: commands are short, and none is left open.
        return httpx.Client(base_url=self.node, **self._options)

    def _unreachable(self, error: Exception) -> Unavailable:
        return Unavailable(
            "node.unreachable",
            f"no answer from {self.node} ({type(error).__name__})",
            mend="start a node with `portseal serve`, or name one with --node or PORTSEAL_NODE",
        )


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        detail = "what answered does not speak Portseal's language"
        raise Unavailable("node.not-portseal", detail, mend="check the address given with --node") from None


def _given(params: dict[str, str | int | None]) -> dict[str, str | int]:
    return {name: value for name, value in params.items() if value is not None}


def _error(response: httpx.Response) -> PortsealError:
    try:
        body = response.json()
    except ValueError:
        body = {}
    status = response.status_code
    later = status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.TOO_MANY_REQUESTS
    kind = Unavailable if later else Refused if status in {401, 403, 404, 409} else Invalid
    return kind(
        body.get("code", f"http.{status}"),
        body.get("detail", f"the node answered {status}"),
        mend=body.get("mend", ""),
        pointer=body.get("pointer"),
    )
