"""Signed intents that this node relays for whoever signed them."""
