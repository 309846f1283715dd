"""What a document is, and what the chain says."""
