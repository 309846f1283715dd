"""`portseal trust update`: trust roots brought up to date by hand-overs that those who are trusted have signed.

It stands apart from the other commands, as `verify --offline` does: from a file it needs neither network nor server.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from contracts.keccak import keccak
from ledger.errors import Invalid, PortsealError, Unavailable
from verifier.evidence_reading import read_hand_overs
from verifier.hand_over import Followed, follow
from verifier.hand_over_file import HandOverFile
from verifier.pinned_finality import other_chain
from verifier.trust_reading import read_trust
from verifier.trust_roots import TrustRoots

_FAILED, _NOT_AVAILABLE, _USAGE = 1, 2, 64


def run(arguments: Sequence[str]) -> int:
    """Write newer trust roots and return the exit code: 0, or 2 where nothing newer was proved."""
    try:
        given = _parser().parse_args(arguments[2:])
    except SystemExit as ending:  # after help, or for wrong use
        return _USAGE if ending.code else 0
    try:
        roots = read_trust(Path(given.old).read_bytes())
        found = updated(roots, _source(given.source, roots))
        text = json.dumps(found.roots.to_json(), indent=2) + "\n"
        _write(Path(given.out or given.old), text)
    except PortsealError as error:
        sys.stderr.write(f"{error.code}: {error.detail}\n{error.mend}\n")
        return _NOT_AVAILABLE if isinstance(error, Unavailable) else _FAILED
    except OSError as error:
        sys.stderr.write(f"file: {error.filename or 'a file'}: {error.strerror}\n")
        return _FAILED
    sys.stdout.write(f"{found.count} hand-overs followed, from block {roots.block} to {found.roots.block}\n")
    sys.stdout.write(f"fingerprint {found.roots.fingerprint}\n")
    return 0


def _write(path: Path, text: str) -> None:
    # What is trusted is never there by half.
    partial = path.with_name(f"{path.name}.new")
    partial.write_text(text, encoding="utf-8")
    partial.replace(path)


def updated(roots: TrustRoots, file: HandOverFile) -> Followed:
    """Return newer roots. Raises Invalid `evidence.chain`, Unavailable `trust.not-handed-over`."""
    if (file.chain_id, file.genesis_hash) != (roots.chain_id, roots.genesis_hash):
        raise other_chain(file.chain_id)
    found = follow(roots, file.hand_overs, {keccak(node): node for node in file.nodes})
    if found.roots.block == roots.block:
        why = found.refused.detail if found.refused else "it holds no hand-over"
        detail = f"nothing in it leads beyond the block {roots.block} of these trust roots: {why}"
        mend = "get newer trust roots from where you trust them, and compare their fingerprint"
        raise Unavailable("trust.not-handed-over", detail, mend=mend)
    return found


def _source(name: str, roots: TrustRoots) -> HandOverFile:
    if not name.startswith(("http://", "https://")):
        return read_hand_overs(Path(name).read_bytes())
    try:
        from api.cli.client import Client
    except ModuleNotFoundError as missing:
        detail = f"only files can be read here (no {missing.name})"
        raise Invalid("command.not-installed", detail, mend="`pip install 'portseal[server]'`") from None
    answer = Client(name).request("GET", "/v1/trust/hand-overs", params={"after": str(roots.block)})
    return read_hand_overs(answer.content)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("portseal trust update", description="Bring trust roots up to date.")
    parser.add_argument("old", help="The file of trust roots.")
    parser.add_argument("--from", dest="source", required=True, help="An evidence file, or a node's address.")
    parser.add_argument("--out", "-o", help="Where to write the newer ones; in place of the old ones without it.")
    return parser
