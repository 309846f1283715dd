"""Whether a Kubo is set up as the store needs it (docs/payload.md says how, and why each setting matters).

What would break a promise of the store is refused; what is merely risky is logged, once while it stays the same.
"""

from collections.abc import Iterator
from typing import Any

import structlog

from anchors.stores.kubo_api import KuboApi, KuboRefusal, failed
from ledger.errors import Unavailable

VERSION = "0.42."
"""The versions that the store is tested with."""

_RESERVE = 256 * 1024 * 1024  # bytes that must be free: a few of the largest payloads
_PROFILE = {
    "CidVersion": 1,
    "UnixFSRawLeaves": True,
    "UnixFSChunker": "size-1048576",
    "UnixFSFileMaxLinks": 1024,
    "HashFunction": "sha2-256",
}
_WATERMARK = 90  # percent of StorageMax, Kubo's own
# Nobody answers there. A node with a swarm key has no QUIC and says so before it dials.
_QUIC = "/ip4/127.0.0.1/udp/9/quic-v1"
_NOBODY = "/p2p/12D3KooWPjceQrSwdWXPyLLeABRXmuqt69Rg3sBYbU1Nft9HyQ6X"
_NO_QUIC = f"[{_QUIC}] no transport for protocol"
_NO_SWARM = "must be run in online mode"

_log = structlog.get_logger(__name__)


class Settings:
    """The settings of the Kubo behind `api`."""

    def __init__(self, api: KuboApi) -> None:
        self._api = api
        self._warned: list[tuple[str, str]] = []

    def check(self) -> None:
        """Return if nothing stands against using it. Raises Unavailable `store.failed`, `store.full`."""
        try:
            config = self._api.ask("/config/show")
            _check_durable(config)
            _check_mendable(config)
            self._check_private(config)
            sizes = self._check_room()
            self._warn([*_risks(config), *_collecting_risk(config, sizes), *self._version_risk()])
        except KuboRefusal as error:
            raise failed("Kubo does not tell its settings") from error

    def _check_private(self, config: dict[str, Any]) -> None:
        try:
            self._api.ask("/swarm/connect", _QUIC + _NOBODY)
            said = ""
        except KuboRefusal as error:
            said = error.message
        quic_is_off = member(config, "Swarm", "Transports", "Network", "QUIC") is False
        if _NO_SWARM in said or (_NO_QUIC in said and not quic_is_off):
            return
        raise failed(
            "this Kubo is not in a private swarm: it would announce and give payloads to the whole world",
            "stop it, write a swarm.key into its repository, leave Swarm.Transports.Network.QUIC unset, and start "
            "it with LIBP2P_FORCE_PNET=1",
        )

    def _check_room(self) -> dict[str, Any]:
        sizes = self._api.ask("/repo/stat", options={"size-only": "true"})
        if _number(sizes, "RepoSize") >= _number(sizes, "StorageMax"):
            raise Unavailable(
                "store.full", "Kubo's repository is larger than Datastore.StorageMax", mend="raise Datastore.StorageMax"
            )
        if _number(member(self._api.ask("/diag/sys"), "diskinfo"), "free_space") < _RESERVE:
            raise Unavailable("store.full", "the disk of Kubo's repository is full", mend="free space on it")
        return sizes

    def _version_risk(self) -> Iterator[tuple[str, str]]:
        version = str(self._api.ask("/version").get("Version"))
        if not version.startswith(VERSION):
            yield "kubo.version", f"tested with Kubo {VERSION}x only"

    def _warn(self, risks: list[tuple[str, str]]) -> None:
        if risks != self._warned:
            self._warned = risks
            for code, detail in risks:
                _log.warning("store at risk", code=code, detail=detail)


def member(content: Any, *names: str) -> Any:
    """Return what stands at that path in Kubo's JSON, None where there is nothing."""
    for name in names:
        content = content.get(name) if isinstance(content, dict) else None
    return content


def _number(content: Any, name: str) -> int:
    value = member(content, name)
    if not isinstance(value, int):
        raise failed(f"Kubo does not tell its {name}")
    return value


def _check_durable(config: dict[str, Any]) -> None:
    blocks = [mount for mount in _mounts(member(config, "Datastore", "Spec")) if mount.get("type") == "flatfs"]
    if not blocks or any(mount.get("sync") is not True for mount in blocks):
        raise failed(
            "Kubo does not make blocks durable before it says that it has them",
            'keep blocks in flatfs, set "sync": true in its entry of Datastore.Spec, and restart Kubo',
        )


def _mounts(spec: Any) -> Iterator[dict[str, Any]]:
    """Yield every part of a Datastore.Spec: mounts, and what stands inside wrappers like `measure`."""
    if not isinstance(spec, dict):
        return
    yield spec
    yield from _mounts(spec.get("child"))
    mounts = spec.get("mounts")
    for mount in mounts if isinstance(mounts, list) else ():
        yield from _mounts(mount)


def _check_mendable(config: dict[str, Any]) -> None:
    datastore = member(config, "Datastore")
    remembers = member(datastore, "BlockKeyCacheSize") != 0 or member(datastore, "BloomFilterSize") not in (0, None)
    if remembers or member(datastore, "WriteThrough") is False:
        raise failed(
            "Kubo would not write a block again that it believes to have, so that damage could not be mended",
            "set Datastore.BlockKeyCacheSize and Datastore.BloomFilterSize to 0, leave Datastore.WriteThrough unset, "
            "and restart Kubo",
        )


def _collecting_risk(config: dict[str, Any], sizes: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Above its watermark a Kubo with --enable-gc collects at each write, for nothing: all is pinned."""
    watermark = member(config, "Datastore", "StorageGCWatermark")
    percent = watermark if isinstance(watermark, int) and not isinstance(watermark, bool) else _WATERMARK
    if _number(sizes, "RepoSize") >= _number(sizes, "StorageMax") * percent // 100:
        yield "kubo.gc", "the repository is above Datastore.StorageGCWatermark: raise Datastore.StorageMax"


def _risks(config: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if member(config, "Datastore", "HashOnRead") is not True:
        yield "kubo.hash-on-read", "set Datastore.HashOnRead to true: other programs get damaged blocks unnoticed"
    if any(member(config, "Import", name) != value for name, value in _PROFILE.items()):
        yield "kubo.import-profile", "apply the profile unixfs-v1-2025: `ipfs add` gives other CIDs than Portseal"
