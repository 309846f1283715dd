"""The way of a document from accepted to final (docs/pipeline.md)."""
