"""Real servers for tests: geth, anvil and Kubo, on free ports of the loopback address (docs/servers.md)."""
