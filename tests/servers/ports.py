"""Ports of the loopback address that nobody else gets while we hold them, also between a server's stop and start."""

import socket


class Port:
    """A port that the system picked, kept by a bound socket that never listens.

    On Linux a server that sets SO_REUSEADDR, as Go's and Rust's do, binds beside it, while the system gives the port
    to nobody who asks for a free one: neither to another worker's server nor to an outgoing connection.
    """

    def __init__(self) -> None:
        self._held = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._held.bind(("127.0.0.1", 0))
        self.number: int = self._held.getsockname()[1]

    def __int__(self) -> int:
        return self.number

    def __str__(self) -> str:
        return str(self.number)

    def close(self) -> None:
        """Give the port back."""
        self._held.close()
