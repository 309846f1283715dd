"""Section E: the Merkle tree over COUNT leaves of 32 bytes. `python -m tests.bench.peers.merkle [COUNT]`

Built: from leaves to the root; RFC 9162 hashes each leaf, which of the peers only pymerkle does. Proved: a batch gives
every document its path at once, so this is the rate of all paths together, with the levels built once more;
`prove_one_s` is what one path asked for alone takes, for which our code keeps no tree.
"""

import random
import sys
import time
from hashlib import sha256

from anchors.merkle import inclusion_path, inclusion_paths, root, verify_inclusion
from tests.bench.peers.measure import Stopwatch, peak_mb, tell

CHECKS = 10_000
SECONDS = 5.0


def main(count: int) -> None:
    leaves = [sha256(index.to_bytes(8, "big")).digest() for index in range(count)]
    before = peak_mb()
    with Stopwatch() as built:
        top = root(leaves)
    extra = peak_mb() - before
    with Stopwatch() as proved:
        paths = inclusion_paths(leaves)
    with Stopwatch() as one:
        assert inclusion_path(leaves, count // 3) == paths[count // 3]
    chosen = random.Random(1).choices(range(count), k=2_000)
    assert not verify_inclusion(leaves[chosen[0]], (chosen[0] + 1) % count, count, paths[chosen[0]], top)
    done, end = 0, time.perf_counter() + SECONDS
    with Stopwatch() as verified:
        while done < CHECKS and time.perf_counter() < end:
            index = chosen[done % len(chosen)]
            assert verify_inclusion(leaves[index], index, count, paths[index], top)
            done += 1
    metrics = {
        "build_s": built.wall,
        "build_cpu_s": built.cpu,
        "leaves_per_cpu_s": count / built.cpu,
        "extra_rss_mb": extra,
        "rss_mb": peak_mb(),
        "prove_per_s": count / proved.wall,
        "prove_per_cpu_s": count / proved.cpu,
        "prove_one_s": one.wall,
        "verify_per_s": done / verified.wall,
        "verify_per_cpu_s": done / verified.cpu,
    }
    tell(metrics, n=count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
