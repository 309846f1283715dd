"""Proofs that a block is final, judged from bytes alone (docs/finality.md)."""
