"""Where payloads and manifests are kept: one port, several stores behind it."""

from anchors.stores.folder import FolderStore
from anchors.stores.kubo import KuboStore
from anchors.stores.payload_store import MAX_PAYLOAD, PayloadStore

__all__ = ["MAX_PAYLOAD", "FolderStore", "KuboStore", "PayloadStore"]
