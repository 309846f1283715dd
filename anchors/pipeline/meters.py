"""What the steps of this process are measured by (Prometheus)."""

from prometheus_client import Counter, Histogram

STEP_SECONDS = Histogram(
    "portseal_step_seconds",
    "Seconds that one run of a step took, of those that moved something.",
    ["step"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
STEP_MOVED = Counter("portseal_step_moved", "Documents, batches or transactions that a step moved.", ["step"])
STEP_FAILURES = Counter("portseal_step_failures", "Runs of a step that failed, by reason.", ["step", "code"])
EVENTS = Counter("portseal_events", "Warnings and errors in the log, by their event.", ["event", "level"])
