"""`portseal fsck`: every invariant of database, chain and stores, each in a file of its own (docs/operations.md)."""
