"""What py-evm takes for its database: a view of the committed blocks, and the buffer of the block being mined."""

from eth.db.backends.base import BaseDB

from ledger.embedded.committed_file import CommittedFile


class CommittedStore(BaseDB):
    """Reads committed blocks; refuses every write, so that no call can change the chain."""

    def __init__(self, database: CommittedFile) -> None:
        self._database = database

    def __getitem__(self, key: bytes) -> bytes:
        value = self._database.get(key)
        if value is None:
            raise KeyError(key)
        return value

    def __setitem__(self, key: bytes, value: bytes) -> None:
        raise TypeError("the committed blocks are read-only")

    def __delitem__(self, key: bytes) -> None:
        raise TypeError("the committed blocks are read-only")

    def _exists(self, key: bytes) -> bool:
        return self._database.get(key) is not None


class BlockBuffer(CommittedStore):
    """Holds what the block being mined writes until it is committed as a whole."""

    def __init__(self, database: CommittedFile) -> None:
        super().__init__(database)
        self._written: dict[bytes, bytes] = {}

    def __getitem__(self, key: bytes) -> bytes:
        written = self._written.get(key)
        return super().__getitem__(key) if written is None else written

    def __setitem__(self, key: bytes, value: bytes) -> None:
        self._written[key] = value

    def _exists(self, key: bytes) -> bool:
        return key in self._written or super()._exists(key)

    def written(self) -> list[tuple[bytes, bytes]]:
        """Return every (key, value) written since the last clear."""
        return list(self._written.items())

    def clear(self) -> None:
        """Forget what was written."""
        self._written.clear()
