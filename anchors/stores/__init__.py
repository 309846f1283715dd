"""Where payloads and manifests are kept: one port, several stores behind it."""

from typing import TYPE_CHECKING

from anchors.stores.folder import FolderStore
from anchors.stores.payload_store import MAX_PAYLOAD, PayloadStore

if TYPE_CHECKING:
    from anchors.stores.kubo import KuboStore

__all__ = ["MAX_PAYLOAD", "FolderStore", "KuboStore", "PayloadStore"]


def __getattr__(name: str) -> type["KuboStore"]:
    """Give KuboStore to whoever asks for it: its HTTP client is slow to load, and most commands need none."""
    if name != "KuboStore":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from anchors.stores.kubo import KuboStore

    return KuboStore
