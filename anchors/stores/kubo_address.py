"""Where Kubo's RPC listens: `http://HOST:PORT`, as the multiaddr that ipfshttpclient wants.

Nothing but plain HTTP to a host: whoever reaches this address rules the node, so that it belongs on a loopback
address or in a network of its own, and the time limits are kept at a plain socket.
"""

import re
from ipaddress import IPv4Address, IPv6Address

from ledger.errors import Invalid

_PORT = "5001"
_URL = re.compile(r"http://(?:\[([0-9A-Fa-f:.]+)\]|([A-Za-z0-9.-]+))(?::([0-9]{1,5}))?/?")


def multiaddr_of(url: str) -> str:
    """Return the multiaddr of `url` (`/ip4/127.0.0.1/tcp/5001/http`). Raises Invalid `store.address`."""
    parts = _URL.fullmatch(url)
    if parts is None or int(parts[3] or _PORT) not in range(1, 65536):
        raise no_address()
    host = _ip6(parts[1]) if parts[1] else _ip4_or_name(parts[2])
    return f"/{host}/tcp/{parts[3] or _PORT}/http"


def _ip6(text: str) -> str:
    try:
        return f"ip6/{IPv6Address(text)}"
    except ValueError as error:
        raise no_address() from error


def _ip4_or_name(text: str) -> str:
    if re.search("[A-Za-z]", text):
        return f"dns/{text}"
    try:
        return f"ip4/{IPv4Address(text)}"
    except ValueError as error:
        raise no_address() from error


def no_address() -> Invalid:
    """Return the error for what is no address of Kubo's RPC."""
    return Invalid(
        "store.address",
        "not an address of Kubo's RPC",
        mend="give http://HOST:PORT of a node on this machine or in this network, without path, user or password",
    )
