"""Errors for a lack of memory, open files or processes."""

from __future__ import annotations

import errno

from rural_forecast.errors import OutputError

_MEMORY = "There is not enough memory.", "Free some, raise the limit, or split the input into smaller files."
_FILES = "Too few files may be open at once.", "Raise the limit, such as ulimit -n 1024."
SCARCE = {
    errno.ENOMEM: _MEMORY,
    errno.EMFILE: _FILES,
    errno.ENFILE: _FILES,
    errno.EAGAIN: ("No further process may be started.", "Raise the limit, or use one worker."),
}
_UNMAPPED = ("failed to map segment", "annot allocate memory")
"""Messages of the loader for a library that does not fit into memory."""


def as_error(error: BaseException) -> OutputError | None:
    """The error to report for a lack of resources; None for any other error."""
    if isinstance(error, OSError) and error.errno in SCARCE:
        return OutputError(*SCARCE[error.errno], code="resources")
    if isinstance(error, MemoryError) or (isinstance(error, ImportError) and _unmapped(error)):
        return OutputError(*_MEMORY, code="resources")
    return None


def _unmapped(error: BaseException | None) -> bool:
    """Whether a library did not fit into memory; the cause may be deeper in the chain of errors."""
    while error and not any(words in str(error) for words in _UNMAPPED):
        error = error.__cause__ or error.__context__
    return error is not None
