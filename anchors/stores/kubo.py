"""The store in a Kubo node (IPFS): Kubo's RPC through ipfshttpclient, nothing of what it answers believed.

CIDs are ours, computed first. A group of payloads goes in as one CAR, is pinned, exported again and hashed. Kubo is
asked about its own blocks only (`offline`), so that what it lacks is known at once and no network is searched.
"""

from collections.abc import Sequence
from types import TracebackType

from anchors.car import MAX_BLOCK
from anchors.cid import Cid, cid_of
from anchors.reassembly import Reassembly
from anchors.stores import kubo_settings
from anchors.stores.kubo_api import KuboApi, KuboRefusal, failed, json_object, quoted
from anchors.stores.kubo_bundle import Bundle, groups
from anchors.stores.payload_store import MAX_PAYLOAD, check_sizes
from ledger.errors import Unavailable

_OFFLINE = {"offline": "true"}
# What Kubo 0.42 says; go-ipld-format and boxo/blockstore.
_MISSING = "could not find"
_CORRUPT = "different hash than requested"


class KuboStore:
    """A `PayloadStore` in the Kubo whose RPC is at `api` (`http://127.0.0.1:5001`). Nothing is sent before it is used.

    timeout: seconds for one request to Kubo and for one `get`, from connecting to the last byte. A `put` is one
    request to write and one to read back for each 1,024 payloads or 64 MiB. Raises Invalid `store.address`.
    """

    name = "kubo"

    def __init__(self, api: str, *, timeout: float = 30.0) -> None:
        self._api = KuboApi(api, timeout)
        self._settings = kubo_settings.Settings(self._api)

    def put(self, payloads: Sequence[bytes]) -> list[Cid]:
        """See `PayloadStore.put`. What is there already is written again, so that a damaged block is mended."""
        check_sizes(payloads)
        cids = [cid_of(payload) for payload in payloads]
        for group in groups(dict(zip(cids, payloads, strict=True))):
            self._keep(Bundle.of(group))
        return cids

    def get(self, cid: Cid) -> bytes:
        """See `PayloadStore.get`."""
        ends = self._api.deadline()
        return Reassembly(lambda block: self._block(block, ends), MAX_PAYLOAD).read(cid)

    def check(self) -> None:
        """See `PayloadStore.check`. Reads the settings, then keeps a small block and reads it back."""
        self._settings.check()
        self.put([b"portseal probe"])

    def close(self) -> None:
        """Close the connections to Kubo."""
        self._api.close()

    def __enter__(self) -> "KuboStore":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _keep(self, bundle: Bundle) -> None:
        root = str(bundle.root)
        try:
            answer = self._api.post("/dag/import", options={"pin-roots": "true"}, file=bundle.content)
            _require_pinned(answer, root)
            back = self._api.post("/dag/export", root, options=_OFFLINE, limit=2 * len(bundle.content))
        except KuboRefusal as error:
            raise _not_kept(error.message) from error
        if not bundle.equals(back):
            raise _not_kept(_CORRUPT)

    def _block(self, cid: Cid, ends: float) -> bytes:
        try:
            block = self._api.post("/block/get", str(cid), options=_OFFLINE, limit=MAX_BLOCK, ends=ends)
        except KuboRefusal as error:
            raise _not_given(cid, error.message) from error
        if not cid.matches(block):
            raise _not_given(cid, _CORRUPT)
        return block


def _require_pinned(answer: bytes, root: str) -> None:
    content = json_object("/dag/import", answer)
    imported = content.get("Root")
    pinned = imported if isinstance(imported, dict) else {}
    if message := pinned.get("PinErrorMsg"):
        raise KuboRefusal(str(message))
    if pinned.get("Cid") != {"/": root}:
        raise failed("Kubo did not pin what it was given")


def _not_kept(message: str) -> Unavailable:
    if _CORRUPT in message or _MISSING in message:
        return Unavailable(
            "store.corrupt",
            "what was given to Kubo reads back as something else, or not at all",
            mend="set Datastore.BlockKeyCacheSize to 0, restart Kubo and put again; if it stays, replace the disk",
        )
    return failed(f"Kubo cannot keep payloads: {quoted(message)}")


def _not_given(cid: Cid, message: str) -> Unavailable:
    if _MISSING in message:
        return Unavailable("store.missing", f"Kubo has no {cid}", mend="fetch it from another store")
    if _CORRUPT in message:
        return Unavailable("store.corrupt", f"Kubo's bytes of {cid} are damaged", mend="repair it from another store")
    return failed(f"Kubo cannot give {cid}: {quoted(message)}")
