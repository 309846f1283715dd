"""Payloads in several stores: kept, filled in, audited, repaired."""
