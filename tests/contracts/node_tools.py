"""Tests that need Node's tools say so and are skipped where they are missing; in CI they fail instead."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def tool(name: str) -> Path:
    """Return the path of a tool that `npm ci` installs, or skip."""
    path = ROOT / "node_modules" / ".bin" / name
    if not path.exists():
        message = f"{name} is missing: run `npm ci` in the project's root (needs Node 18 or later)"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return path
