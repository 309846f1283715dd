"""A device at the gate, which has no line: its folder, its pack, and the verdicts that it gave."""
