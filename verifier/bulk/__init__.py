"""Verifying many documents in one run."""
