"""The addresses of the HTTP API, a noun for each file."""
