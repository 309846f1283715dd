import socket

import pytest

from tests.servers.ports import Port


def listening(port: int) -> socket.socket:
    """Listen as Go's and Rust's servers do."""
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", port))
    server.listen()
    return server


def test_a_server_gets_the_port_again_and_again() -> None:
    port = Port()
    for _ in range(3):
        with listening(int(port)), socket.create_connection(("127.0.0.1", int(port))):
            pass
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", int(port)))
    port.close()


def test_nobody_else_gets_it() -> None:
    ports = [Port() for _ in range(2000)]
    assert len({int(port) for port in ports}) == len(ports)
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", int(ports[0])))
    for port in ports:
        port.close()
