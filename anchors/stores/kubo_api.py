"""Kubo's RPC (docs.ipfs.tech/reference/kubo/rpc): one request, its whole answer, within a time and a size.

ipfshttpclient sends it, through the request facility below its methods: the methods for `dag/import` and
`block/get` set neither the limits nor the options that we need.
"""

import io
import json
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from typing import Any

import ipfshttpclient.exceptions
from ipfshttpclient import multipart
from requests import RequestException
from urllib3.exceptions import HTTPError

from anchors.stores.kubo_address import multiaddr_of, no_address
from anchors.stores.kubo_connection import Allowance, ErrorStatus, KuboConnection, within
from ledger.errors import Unavailable

SMALL = 1024 * 1024
"""Bytes that an answer without blocks may have."""

_PIECE = 256 * 1024  # bytes sent at once
_FAULTS = (ipfshttpclient.exceptions.Error, RequestException, HTTPError, HTTPException, OSError, ValueError)
_FULL = ("no space left", "quota exceeded", "file too large")


class KuboRefusal(Exception):
    """Kubo answered that it cannot do what was asked. message: Kubo's words."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class KuboApi:
    """Requests to the Kubo at `url`. Safe to use from several threads. Raises Invalid `store.address`."""

    def __init__(self, url: str, timeout: float) -> None:
        """`timeout`: seconds for a whole request, from connecting to the last byte of the answer."""
        self._timeout = timeout
        try:
            self._connection = KuboConnection(multiaddr_of(url), "api/v0")
        except ipfshttpclient.exceptions.AddressError as error:  # the library's idea of a host name
            raise no_address() from error
        self._connection.open_session()

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._connection.close_session()

    def deadline(self) -> float:
        """Return when a request that begins now must have ended (time.monotonic())."""
        return time.monotonic() + self._timeout

    def post(
        self,
        path: str,
        *arguments: str,
        options: Mapping[str, str] | None = None,
        file: bytes | None = None,
        limit: int = SMALL,
        ends: float | None = None,
    ) -> bytes:
        """Return the answer, of at most about `limit` bytes.

        file: sent along. ends: when it must have ended, `deadline` if not given. Raises KuboRefusal;
        Unavailable `store.failed`, and `store.full` where Kubo says so.
        """
        allowance = Allowance(ends or self.deadline(), limit + SMALL)
        try:
            with within(allowance):
                return self._send(path, arguments, options or {}, file, allowance)
        except ErrorStatus as error:
            raise _refusal(path, error) from error
        except _FAULTS as error:
            raise _fault(path, allowance, self._timeout) from error

    def ask(self, path: str, *arguments: str, options: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Return an answer that is one JSON object. Raises as `post`."""
        return json_object(path, self.post(path, *arguments, options=options))

    def _send(
        self, path: str, arguments: Sequence[str], options: Mapping[str, str], file: bytes | None, allowance: Allowance
    ) -> bytes:
        try:
            return self._send_once(path, arguments, options, file, allowance)
        except _FAULTS:
            if allowance.is_used or allowance.seconds <= 0:
                raise
            # Kubo may have closed a connection that was kept open. All that is asked here may be asked twice.
            return self._send_once(path, arguments, options, file, allowance)

    def _send_once(
        self, path: str, arguments: Sequence[str], options: Mapping[str, str], file: bytes | None, allowance: Allowance
    ) -> bytes:
        body, headers = None, {}
        if file is not None:
            body, headers = multipart.stream_files(io.BytesIO(file), chunk_size=_PIECE)
        answer = self._connection.request(
            path, arguments, opts=options, data=body, headers=headers, timeout=allowance.require_time()
        )
        return bytes(answer)


def json_object(path: str, answer: bytes) -> dict[str, Any]:
    """Read `answer` as one JSON object. Raises Unavailable `store.failed`."""
    try:
        content = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise failed(f"Kubo's answer to {path} is not JSON") from error
    if not isinstance(content, dict):
        raise failed(f"Kubo's answer to {path} is not what Kubo answers")
    return content


def failed(detail: str, mend: str = "see that a Kubo 0.42 listens there, and look into its log") -> Unavailable:
    """Return the error for a Kubo that does not do its work."""
    return Unavailable("store.failed", detail, mend=mend)


def quoted(message: str) -> str:
    """Return Kubo's words as something fit for a line of ours."""
    return "".join(character if character.isprintable() else " " for character in message[:200])


def _refusal(path: str, error: ErrorStatus) -> Exception:
    if not error.message:
        return failed(f"{error} to {path}")
    if any(words in error.message.lower() for words in _FULL):
        return Unavailable("store.full", "Kubo has no space left", mend="free space, then try again")
    return KuboRefusal(error.message)


def _fault(path: str, allowance: Allowance, timeout: float) -> Unavailable:
    if allowance.size < 0:
        return failed(f"Kubo's answer to {path} is larger than it may be")
    if allowance.seconds <= 0:
        return failed(f"Kubo did not finish its answer to {path} within {timeout:g} seconds")
    return failed(f"Kubo cannot be reached, or broke off, at {path}")
