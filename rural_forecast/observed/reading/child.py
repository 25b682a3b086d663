"""Code in a child of Python, for what a library may do to the process that calls it.

On a damaged file a library can end its process or exhaust the memory. A child does no harm by it.
"""

from __future__ import annotations

import signal
import subprocess
import sys

from rural_forecast.errors import InputError

MOST_SECONDS = 5  # of work; on a busy machine it may take `MOST_WAIT` by the clock
MOST_WAIT = 60
MOST_MEMORY = 768 * 1024**2
_OUT_OF_TIME = getattr(signal, "SIGXCPU", 24)  # Windows has no such signal
_LIMITED = f"""
try:
    import resource
except ImportError:
    pass
else:
    resource.setrlimit(resource.RLIMIT_AS, ({MOST_MEMORY}, {MOST_MEMORY}))
    resource.setrlimit(resource.RLIMIT_CPU, ({MOST_SECONDS}, {MOST_SECONDS} + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
"""


def run_in_child(imports: str, code: str, data: bytes, name: str) -> bytes | None:
    """Run code on the bytes of a file, which are its standard input; give what it prints.

    It is None if the child does not end well, and empty where there is no Python to start.

    Parameters
    ----------
    imports : lines that run before the memory is limited

    Raises
    ------
    InputError : it takes too long
    """
    if not sys.executable:
        return b""
    whole = f"import sys\nsys.path[:] = {sys.path!r}\n{imports}{_LIMITED}{code}"
    try:
        child = subprocess.run(  # noqa: S603 - our own code; the file goes in as data
            [sys.executable, "-c", whole],
            input=data,
            capture_output=True,
            timeout=MOST_WAIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _too_slow(name) from None
    if child.returncode == -_OUT_OF_TIME:
        raise _too_slow(name)
    return None if child.returncode else child.stdout


def _too_slow(name: str) -> InputError:
    return InputError(
        f"{name} takes more than {MOST_SECONDS} seconds to read.", "Save it anew, or as CSV."
    )
