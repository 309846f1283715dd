"""The edges: HTTP, command line, settings, and the one place that builds adapters."""
