"""Ours beside the peers of ../shared/peers: one module for each contender. README.md says how to run them."""
