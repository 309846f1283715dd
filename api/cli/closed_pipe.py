"""Output that nobody reads on (`| head`): the program ends quietly, and by no code that a verdict has."""

import os
import sys

EXIT = 128 + 13
"""What a shell says of a program that was ended by SIGPIPE."""


def give_up_output() -> None:
    """Let what is still to be written go nowhere: Python flushes once more when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
