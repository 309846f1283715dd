"""Wall and processor time, quantiles, memory, and the last line that the peers' runner reads."""

import json
import resource
import time
from collections.abc import Sequence
from types import TracebackType


class Stopwatch:
    """Seconds of the clock and of this process's processor time, of all its threads, within the `with` block."""

    wall = 0.0
    cpu = 0.0

    def __enter__(self) -> "Stopwatch":
        self._wall, self._cpu = time.perf_counter(), time.process_time()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.wall, self.cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu


def quantile(values: Sequence[float], part: float) -> float:
    """Return the smallest value that at least `part` (0 to 1) of the values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, -int(-part * len(ordered) // 1) - 1))]


def peak_mb() -> float:
    """Return the most memory that this process had resident, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def tell(metrics: dict[str, float], **more: object) -> None:
    """Print the line that the runner takes."""
    print(json.dumps({"metrics": metrics, **more}), flush=True)
