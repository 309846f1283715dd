"""`./scripts/demo`: the main job, end to end; on the embedded chain and the folder store unless others are named."""

import argparse
import shutil
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from api.cli import output
from api.cli.commands import EX_USAGE
from api.demonstration.establishing import establish_home
from api.demonstration.running import running_node
from api.demonstration.tour import Tour, show_verdicts, where_next
from api.finality_option import finality_of
from api.home import Home
from ledger.embedded.lock import DirectoryLock
from ledger.envelope import parse
from ledger.errors import PortsealError
from ledger.finality.form import Form

DEFAULT_HOME = Path(".demo")
_MARK = "demonstration"
_STOPPED = 130  # as a shell says it of what SIGINT ended


def main() -> int:
    """Run the demonstration as the command line says; 0 if every verdict is right."""
    options = _options()
    path: Path = options.folder
    if path.exists() and not (path / _MARK).exists():
        output.line(f"{path} is there and no demonstration made it; name another folder.")
        return EX_USAGE
    try:
        finality = finality_of(options.finality)
        _make_anew(path.resolve())
        return _run(Home(path), options.rpc, finality, options.kubo)
    except PortsealError as error:
        output.error(error)
        return 1
    except KeyboardInterrupt:
        output.line("Stopped.")
        return _STOPPED


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./scripts/demo", description="The main job, end to end.")
    parser.add_argument("folder", nargs="?", type=Path, default=DEFAULT_HOME, help="made anew each time (.demo)")
    parser.add_argument("--rpc", action="append", default=[], help="a node of another chain; repeat for more nodes")
    parser.add_argument("--finality", default="checkpoint", help="checkpoint, or a file (portseal deploy --help)")
    parser.add_argument("--kubo", help="a Kubo node that keeps the payloads")
    return parser.parse_args()


def _make_anew(folder: Path) -> None:
    """Leave an empty folder with our mark. Raises Unavailable `embedded.locked` while a node runs in it."""
    if (folder / "chain").is_dir():
        DirectoryLock(folder / "chain").release()
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    (folder / _MARK).touch()


def _run(home: Home, rpc: Sequence[str], finality: Form, kubo: str | None) -> int:
    started = time.monotonic()

    def step(text: str) -> None:
        output.line(f"[{time.monotonic() - started:5.1f} s] {text}")

    ground = f"the chain at {rpc[0]}" if rpc else "an embedded EVM chain"
    step(f"Founding a consortium of the 15 members of RCEP on {ground} ...")
    established = establish_home(home, rpc=rpc, finality=finality)
    step("Starting the node of China Customs ...")
    with running_node(home.path, kubo) as address:
        tour = Tour(address, established)
        step(f"Node at {address}. Signing and registering documents ...")
        registered = tour.register()
        digests = {name: parse(envelope).digest.hex() for name, envelope in vars(registered).items()}
        documents = tour.await_final(digests)
        blocks = sorted({document["transaction"]["block_number"] for document in documents.values()})
        places = ", ".join(map(str, blocks))
        step(f"{len(documents)} documents final: anchored in block {places}, and its proof of finality is held.")
        same = tour.open_as_reader(digests["bill"]).strip() == registered.bill
        step(f"Singapore Customs opened the bill's payload; it is {'the' if same else 'NOT the'} envelope registered.")
        block = tour.revoke(digests["revoked"])["block"]["number"]
        step(f"The carrier revoked one bill, in block {block}. Asking for verdicts ...")
        right = show_verdicts(tour.verify(registered))
    step("Every verdict is right." if right and same else "Something is not as it must be.")
    where_next(home.path, kubo)
    return 0 if right and same else 1


if __name__ == "__main__":
    sys.exit(main())
