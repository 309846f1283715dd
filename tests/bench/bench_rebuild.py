"""How long rebuild and fsck take, and whether their memory grows: python -m tests.bench.bench_rebuild [BATCHES...]

Each batch has 65,536 leaves of no document: their manifests are real, stored and anchored; payloads there are none, so
fsck is asked for --quick. A process of its own for each number of batches; SQLite, embedded chain, folder store.
"""

import multiprocessing
import resource
import secrets
import sys
import tempfile
import time
from pathlib import Path

from anchors import merkle
from anchors.cid import Cid, Codec, cid_of
from anchors.fsck.examination import Examination
from anchors.manifest import MAX_LEAVES, Leaf, encode
from anchors.rebuild.finality import prove
from anchors.rebuild.rebuild import Rebuild
from tests.anchors.examined import scene_of
from tests.anchors.pipeline_node import CARRIER, PipelineNode
from tests.consortium import Consortium


def main() -> None:
    sizes = [int(one) for one in sys.argv[1:]] or [1, 4]
    with tempfile.TemporaryDirectory() as folder, Consortium.establish(Path(folder)) as template:
        template.embedded.close()
        print(f"{'documents':>10} {'rebuild s':>10} {'prove s':>8} {'fsck s':>8} {'most memory MB':>15}")
        for size in sizes:
            process = multiprocessing.get_context("fork").Process(target=measure, args=(template, size))
            process.start()
            process.join()


def measure(template: Consortium, batches: int) -> None:
    with tempfile.TemporaryDirectory() as folder, template.copy(Path(folder)) as consortium:
        node = PipelineNode(consortium, Path(folder) / "node")
        for _ in range(batches):
            anchor(node)
        scene = scene_of(node, quick=True)
        work = Rebuild(node.database, node.chain, scene.documents, scene.fetch, scene.accounts, scene.deployed_at)
        began = time.monotonic()
        rebuilt = work.run()
        rebuilding = time.monotonic() - began
        prove(node.database, node.chain, node.finality, int(consortium.clock()))
        proving = time.monotonic() - began - rebuilding
        began = time.monotonic()
        examination = Examination()
        found = list(examination.run(scene))
        examining = time.monotonic() - began
        assert (found, examination.unchecked, rebuilt.documents) == ([], {}, batches * MAX_LEAVES), found[:3]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"{rebuilt.documents:>10} {rebuilding:>10.1f} {proving:>8.1f} {examining:>8.1f} {memory:>15.0f}")
        node.close()


def anchor(node: PipelineNode) -> None:
    digests = [secrets.token_bytes(32) for _ in range(MAX_LEAVES)]
    manifest = encode(node.chain.chain_id, [Leaf(one, CARRIER, Cid(Codec.RAW, one)) for one in digests])
    node.store.put([manifest])
    call = node.registries.document.anchor(merkle.root(digests), len(digests), cid_of(manifest).digest)
    node.consortium.submit(node.resources.account, call)


if __name__ == "__main__":
    main()
