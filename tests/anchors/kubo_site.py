"""A folder store and a real Kubo that must both hold everything, and ways for that Kubo to end."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from anchors.replicas.replicas import Replicas
from anchors.stores import FolderStore, KuboStore
from anchors.stores.known_store import KnownStore
from tests.servers.kubo_daemon import Kubo

FOLDER, KUBO = 1, 2
BOTH = FOLDER | KUBO


class Site:
    """The two stores on their disks, and the server."""

    def __init__(self, directory: Path, kubo: Kubo, timeout: float = 120) -> None:
        self.kubo = kubo
        self.directory = directory
        self.folder = FolderStore(directory)
        self.store = KuboStore(kubo.api, timeout=timeout)
        known = [KnownStore(self.folder, 0), KnownStore(self.store, 1)]
        self.replicas = Replicas(known, 2)

    def close(self) -> None:
        self.replicas.close()
        self.folder.close()
        self.store.close()

    @contextmanager
    def ending_at(self, path: str, count: int = 1, *, after: bool = False) -> Iterator[None]:
        """Kill Kubo just before the `count`-th request at `path` is sent to it, or after its answer."""
        left, real = [count], self.store._api.post

        def post(asked: str, *arguments: Any, **options: Any) -> bytes:
            left[0] -= asked == path
            is_time = asked == path and left[0] == 0
            if is_time and not after:
                self.kubo.process.kill()
            answer = real(asked, *arguments, **options)
            if is_time and after:
                self.kubo.process.kill()
            return answer

        self.store._api.post = post  # type: ignore[method-assign]
        try:
            yield
        finally:
            self.store._api.post = real  # type: ignore[method-assign]
        assert left[0] <= 0, "Kubo was never asked"

    def mended(self) -> None:
        """Start Kubo again, and see that the stores know it."""
        if not self.kubo.process.running:
            self.kubo.start()
        self.replicas.check()
