"""The trust roots that a node itself verifies by when it is to prove what it says."""

import json
import os
from pathlib import Path

import structlog

from ledger.authority_registry import AuthorityRegistry
from ledger.block import Block
from ledger.chain import Chain
from ledger.errors import Invalid, Unavailable
from ledger.network import Network
from verifier.pinned_roster import PinnedRoster
from verifier.trust_making import trust_roots
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots

_log = structlog.get_logger(__name__)


class NodeRoots:
    """Those of a file: the one that is named, or `trust.json` of the node's folder.

    Where neither is there, they are taken from the chain as its node shows it now, and kept: later lies are found out,
    one that began before is not. So it is said in the log, with the fingerprint to be compared.
    """

    def __init__(self, named: Path | None, kept: Path, network: Network, chain: Chain, authorities: AuthorityRegistry):
        self._named, self._kept = named, kept
        self._network, self._chain, self._authorities = network, chain, authorities

    def __call__(self) -> TrustRoots:
        """Return them. Raises Invalid `trust.*`, `json.*`, Unavailable `chain.*`."""
        if self._named is not None or self._kept.exists():
            return read_roots(self._named or self._kept, self._network)
        head = self._chain.head()
        found = trust_roots(self._network, self._authorities, head)
        if isinstance(found.finality, PinnedRoster):
            # The other forms are pinned by the network file, which may come anew.
            _check_able(found.finality, head)
            _write(self._kept, found)
            detail = f"as of block {found.block}; compare the fingerprint {found.fingerprint} with another member's"
            _log.warning("trust roots taken from the chain", detail=detail)
        return found


def read_roots(path: Path, network: Network) -> TrustRoots:
    """Return the trust roots of a file, if they are this network's. Raises Invalid `trust.*`, `json.*`."""
    roots = _read(path)
    if (roots.chain_id, roots.genesis_hash) != (network.chain_id, network.genesis_hash):
        detail = f"the trust roots are of the chain {roots.chain_id}, or of one with another first block"
        raise Invalid("trust.network", detail, mend=f"use those of {network.name}")
    return roots


def _check_able(pinned: PinnedRoster, head: Block) -> None:
    """Refuse members of whom too few could sign: nothing is final by them, and nobody could hand over from them."""
    roster = pinned.at(head.timestamp)
    able = {seat.country for seat in roster.seats.values() if seat.keys}
    if 3 * len(able) <= 2 * len(roster.countries):
        detail = f"{len(able)} of {len(roster.countries)} members have keys for checkpoints; no trust roots are taken"
        mend = "enter the members' keys (`portseal authorities add-key`), or put the consortium's trust.json in place"
        raise Unavailable("trust.roster", detail, mend=mend)


def _read(path: Path) -> TrustRoots:
    try:
        return read_trust(path.read_bytes())
    except OSError as error:
        detail = f"the trust roots {path.name} cannot be read ({error.strerror})"
        raise Invalid("trust.file", detail, mend="check PORTSEAL_TRUST and the file's permissions") from None


def _write(path: Path, roots: TrustRoots) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(json.dumps(roots.to_json(), indent=2) + "\n", encoding="utf-8")
        partial.replace(path)
    except OSError as error:
        detail = f"the trust roots {path.name} cannot be written ({error.strerror})"
        raise Unavailable("trust.file", detail, mend="check the node's folder and its permissions") from None
