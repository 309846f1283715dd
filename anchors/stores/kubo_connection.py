"""The HTTP of ipfshttpclient with bounds that the library lacks: a whole request's time, and the bytes of its answer.

The library knows time limits for each read only, follows redirects, takes proxies from the environment and reads any
amount. Its client class has a place where it makes its session; ours goes to one address and nowhere else. Bounds
are kept at the socket, so that headers, chunk sizes and trailers count like the rest.
"""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any

import requests
from ipfshttpclient.http_requests import ClientSync
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool
from urllib3.connection import HTTPConnection

_ERROR_SIZE = 64 * 1024  # bytes read of an answer that is an error
_CONNECTIONS = 32  # kept open between requests


class ErrorStatus(Exception):
    """The server answered with another status than 200. message: what it said, if it said it in Kubo's way."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(f"HTTP status {status}: {message}" if message else f"HTTP status {status}")
        self.message = message


@dataclass
class Allowance:
    """What a request may still take: until when (time.monotonic()), and how many bytes may come in.

    is_used: whether any came.
    """

    ends: float
    size: int
    is_used: bool = False

    @property
    def seconds(self) -> float:
        """Seconds that are left, 0 or less where none are."""
        return self.ends - time.monotonic()

    def require_time(self) -> float:
        """Return the seconds that are left. Raises TimeoutError."""
        if (seconds := self.seconds) <= 0:
            raise TimeoutError("the request's time is over")
        return seconds

    def spend(self, size: int) -> None:
        """Count `size` bytes that came in. Raises OSError when they are too many."""
        self.size -= size
        self.is_used = self.is_used or size > 0
        if self.size < 0:
            raise OSError("the answer is larger than it may be")


_allowance: ContextVar[Allowance] = ContextVar("allowance")


@contextmanager
def within(allowance: Allowance) -> Iterator[None]:
    """Hold everything that this thread sends and reads inside the block to `allowance`."""
    token = _allowance.set(allowance)
    try:
        yield
    finally:
        _allowance.reset(token)


class KuboConnection(ClientSync):  # type: ignore[misc]  # the library has no types
    """The library's client, its connections held to the allowance of whoever uses them."""

    def _make_session(self) -> requests.Session:
        session = _Session()
        session.adapters.clear()
        session.mount(self._base_url, _Adapter(pool_maxsize=_CONNECTIONS))
        session.params = self._session_props["params"]
        return session

    def _do_raise_for_status(self, response: requests.Response) -> None:
        if response.status_code != requests.codes.ok:
            raise ErrorStatus(response.status_code, _message(response))
        headers = response.headers
        # Kubo encodes nothing: a few bytes would become many. Without an end, a broken answer would look whole.
        if "Content-Encoding" in headers or not {"Content-Length", "Transfer-Encoding"} & set(headers):
            raise ErrorStatus(response.status_code, "")
        # What is stated is made room for before a byte of it has come.
        stated = headers.get("Content-Length", "0")
        if not (stated.isascii() and stated.isdigit()) or int(stated) > _allowance.get().size:
            raise ErrorStatus(response.status_code, "")


class _Session(requests.Session):
    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False  # neither proxies nor passwords of the environment
        self.headers["Accept-Encoding"] = "identity"
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Follow nothing: the redirect itself is the answer, and no good one."""


class _Socket(socket.socket):
    def recv_into(self, buffer: Any, nbytes: int = 0, flags: int = 0) -> int:
        allowance = _allowance.get()
        self.settimeout(allowance.require_time())
        count = super().recv_into(buffer, nbytes, flags)
        allowance.spend(count)
        return count

    def sendall(self, data: Any, flags: int = 0) -> None:
        self.settimeout(_allowance.get().require_time())
        super().sendall(data, flags)


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _Socket(fileno=super()._new_conn().detach())


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool}


def _message(response: requests.Response) -> str:
    body = response.raw.read(_ERROR_SIZE)
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    message = content.get("Message") if isinstance(content, dict) else None
    return message if isinstance(message, str) else ""
