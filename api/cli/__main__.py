"""`python -m api.cli` is the console script `portseal`."""

from api.cli import main

main()
