"""A part of a deployment ends with the process that started it, however that ended."""

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_with(parent: int) -> None:
    """Have the system send us SIGTERM when `parent` is gone; end now if it is already.

    What we become by `exec` keeps this. Where the system can't, we end with our terminal.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != parent:
        sys.exit(0)
