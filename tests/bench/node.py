"""A node for benches: on any of the chains, with the form of finality that its network states, on any store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from anchors.archive import Archive
from anchors.clique_finality import CliqueFinality
from anchors.payloads import Payloads
from anchors.replicas.replicas import Replicas
from anchors.stores import KuboStore
from ledger.finality.form import Clique
from tests.anchors.pipeline_node import PipelineNode
from tests.consortium import Consortium
from tests.servers.kubo_daemon import Kubo
from verifier.online import online
from verifier.verify import Verifier


class BenchNode(PipelineNode):
    """A node of the consortium; without a `store` its payloads are in a folder of its own."""

    def __init__(self, consortium: Consortium, directory: Path, store: KuboStore | None = None) -> None:
        super().__init__(consortium, directory)
        form = consortium.network.finality
        finality = CliqueFinality(self.database, self.chain, form) if isinstance(form, Clique) else self.finality
        kept = Replicas.alone(store) if store else self.replicas
        self.resources = replace(self.resources, store=kept, finality=finality)
        self.archive = Archive(self.database, finality)
        self.payloads = Payloads(self.database, kept)

    def verifier(self) -> Verifier:
        """Return a verifier as a running node has it."""
        return online(self.archive, self.chain, self.registries, self.consortium.network.finality)


@contextmanager
def store_named(name: str, directory: Path) -> Iterator[KuboStore | None]:
    """Run Kubo and give a store on it; for `folder` None, which stands for the node's own folder."""
    if name == "folder":
        yield None
        return
    with Kubo(directory) as server, KuboStore(server.api) as store:
        yield store
