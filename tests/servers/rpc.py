"""Plain JSON-RPC for setting servers up; what Portseal itself asks goes through ledger.chain."""

import json
import urllib.error
import urllib.request
from typing import Any


class RpcFault(Exception):
    """The server answered with an error."""


_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(url: str, method: str, *params: Any) -> Any:
    """Return the result. Raises RpcFault, and OSError where nobody listens."""
    body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json"})
    try:
        with _opener.open(request, timeout=30) as response:
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        error.close()  # it holds the connection
        raise
    if "error" in answer:
        raise RpcFault(f"{method}: {answer['error']}")
    return answer["result"]
