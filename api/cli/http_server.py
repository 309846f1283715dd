"""The HTTP server of a process that shares its socket with others: who has the fewest connections takes the next."""

import asyncio
import socket

import uvicorn

_PAUSE = 0.004
_MOST_PAUSES = 4
_AFTER_FAULT = 1.0


class HttpServer(uvicorn.Server):
    """uvicorn with one listening socket, from which connections are taken one by one.

    asyncio's own way is to take all that wait: the process that wakes first gets every connection of a surge. Each
    connection that a process has open lets it pause before it takes another (4 ms, at most 16 ms), so that a process
    that has less to do is quicker; one that stands still hinders nobody.
    """

    def __init__(self, config: uvicorn.Config, listener: socket.socket) -> None:
        super().__init__(config)
        self._listener = listener
        self._opening: set[asyncio.Task[object]] = set()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets=[])
        self._listener.setblocking(False)
        self._listen()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End: no further connection is taken, requests under way are answered."""
        asyncio.get_running_loop().remove_reader(self._listener)
        await super().shutdown(sockets=[self._listener])

    def _listen(self) -> None:
        if not self.should_exit:
            asyncio.get_running_loop().add_reader(self._listener, self._pause)

    def _pause(self) -> None:
        loop = asyncio.get_running_loop()
        loop.remove_reader(self._listener)
        count = len(self.server_state.connections) + len(self._opening)
        loop.call_later(_PAUSE * min(count, _MOST_PAUSES), self._take)

    def _take(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            connection, _ = self._listener.accept()
        except (BlockingIOError, ConnectionAbortedError):
            pass  # another process was first, or the caller has gone
        except OSError:
            loop.call_later(_AFTER_FAULT, self._listen)  # no more file descriptors: once requests have ended there are
            return
        else:
            connection.setblocking(False)
            opening = loop.create_task(loop.connect_accepted_socket(self._protocol, connection))
            self._opening.add(opening)
            opening.add_done_callback(self._opening.discard)
        self._listen()

    def _protocol(self) -> asyncio.Protocol:
        return self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
