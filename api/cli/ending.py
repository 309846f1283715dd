"""How a command says its exit code; a class of our own, so that it is never taken for typer's wrong-use code."""


class Ending(Exception):
    """Ends a command with `code`."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code
