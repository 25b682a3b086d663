"""A note in words, as renderers write it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Self


class Remark(str):
    """A sentence with the code of its kind, and whether it is a warning, which goes to standard error too.

    >>> remark = Remark("The column 'Total' is left out.", code="left_out", warning=True)
    >>> remark.code, remark.warning, str(remark)
    ('left_out', True, "The column 'Total' is left out.")
    """

    __slots__ = ("code", "warning")

    code: str
    warning: bool

    def __new__(cls, text: str, *, code: str, warning: bool = False) -> Self:
        """A remark from its sentence, a code in snake_case, and whether it is a warning."""
        self = super().__new__(cls, text)
        self.code = code
        self.warning = warning
        return self

    def about(self, name: str) -> Self:
        """The same remark with the name of what it is about before it."""
        return type(self)(f"{name}: {self}", code=self.code, warning=self.warning)

    def __reduce__(self) -> tuple[object, tuple[str, str, bool]]:
        return _restored, (str(self), self.code, self.warning)


def warnings(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The warnings among remarks, each once."""
    return tuple(dict.fromkeys(remark for remark in remarks if remark.warning))


def _restored(text: str, code: str, warning: bool) -> Remark:
    """A remark out of a pickle, such as one that a worker sent."""
    return Remark(text, code=code, warning=warning)
