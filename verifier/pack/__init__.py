"""The edge pack: everything that the gate needs to know of the registries, in one signed file (docs/edge-pack.md)."""
