"""What the chain enforces: Solidity sources and the committed artifacts built from them."""

from contracts.artifact import Artifact, artifact, runtime_matches

__all__ = ["Artifact", "artifact", "runtime_matches"]
