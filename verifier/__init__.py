"""Deciding: never writes, never holds a document key."""
