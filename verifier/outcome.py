"""What one check found."""

from enum import StrEnum


class Outcome(StrEnum):
    """`skipped`: not asked or does not apply; `unknown`: it was to be made and could not be."""

    PASS = "pass"  # noqa: S105
    FAIL = "fail"
    WARN = "warn"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
