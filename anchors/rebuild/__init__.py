"""A lost database again, from the chain, manifests and payload stores."""
