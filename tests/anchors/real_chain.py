"""A consortium and a pipeline on a chain that is a server's, with the time that it is."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from anchors.archive import Archive
from anchors.clique_finality import CliqueFinality
from ledger.chain import Chain
from ledger.consortium import ConsortiumKeys, establish
from ledger.finality.form import Clique, Form
from tests.anchors.pipeline_node import PipelineNode, opened
from tests.consortium import PLAN, Clock, Consortium
from verifier.online import online
from verifier.subject import Subject
from verifier.verdict import Verdict


class Now(Clock):
    """The time that it is."""

    def __call__(self) -> float:
        return time.time()


def founded_at(rpc: str, directory: Path, finality: Form) -> Consortium:
    """A new consortium on the chain whose node is at `rpc`."""
    chain, keys = Chain.http(rpc), ConsortiumKeys.generate(PLAN)
    try:
        network = establish(chain, PLAN, keys, name="test", rpc=[rpc], finality=finality)
    except BaseException:
        chain.close()
        raise
    none: Any = None
    return Consortium(directory, none, Now(), chain, keys, network, network.registries(chain))


@contextmanager
def opened_at(consortium: Consortium, directory: Path) -> Iterator[PipelineNode]:
    """A node's pipeline on it, with the finality of its network."""
    with opened(consortium, directory) as node:
        with_finality(node)
        yield node


def with_finality(node: PipelineNode) -> None:
    """Give a node the finality of its network."""
    form: Form = node.consortium.network.finality
    if isinstance(form, Clique):
        finality = CliqueFinality(node.database, node.chain, form)
        node.resources = replace(node.resources, finality=finality)
        node.archive = Archive(node.database, finality)


def verdict(node: PipelineNode, envelope: str) -> Verdict:
    """What a verifier that asks this node says."""
    network = node.consortium.network
    return online(node.archive, node.chain, node.registries, network.finality).verify(Subject.presented(envelope))
