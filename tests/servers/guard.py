"""A program between a test process and a server: the server ends when the test process ends, however that ends.

    python guard.py SIGNAL SECONDS COMMAND...

Runs COMMAND until standard input closes, which it does when whoever holds the other end has ended, by SIGKILL too.
Then the server gets SIGNAL (15: SIGTERM) and SECONDS to save what it has; after that, SIGKILL. If this program
itself is killed, the kernel kills the server.
"""

import ctypes
import os
import select
import signal
import subprocess
import sys

_PR_SET_PDEATHSIG = 1  # prctl(2)


def main() -> int:
    """Run the command line; return the server's exit code."""
    polite, patience, command = int(sys.argv[1]), float(sys.argv[2]), sys.argv[3:]
    libc = ctypes.CDLL(None)

    def die_with_the_guard() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)

    # preexec_fn is safe here: this process has one thread.
    server = subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=die_with_the_guard)
    ended = os.pidfd_open(server.pid)
    select.select([sys.stdin.fileno(), ended], [], [])
    if server.poll() is None:
        server.send_signal(polite)
    try:
        return server.wait(patience)
    except subprocess.TimeoutExpired:
        server.kill()
        return server.wait()


if __name__ == "__main__":
    sys.exit(main())
