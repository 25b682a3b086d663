"""Forecasts of short annual market series, with the evidence for them.

>>> import rural_forecast as rf
>>> result = rf.forecast({2014: 180, 2015: 353, 2016: 482}, year=2018)
>>> result.origin, result.years
(2016, (2017, 2018))

In a notebook a result shows its sentence, chart and table; `result.to_frame()` gives its rows as a
pandas frame.

Names are loaded when they are first used, so that importing the package costs nothing;
`__init__.pyi` has their homes.
"""

from __future__ import annotations

import sys

from rural_forecast.version import __version__ as __version__

_homes_by_name: dict[str, str] = {}


def _homes() -> dict[str, str]:
    # Nothing is imported above: until `main` begins, an interrupt would show a traceback.
    if not _homes_by_name:
        import ast
        from pathlib import Path

        stubs = ast.parse(Path(__file__).with_suffix(".pyi").read_text(encoding="utf-8")).body
        for line in stubs:
            # Without `as` it is a type that signatures name.
            if isinstance(line, ast.ImportFrom) and line.names[0].asname:
                _homes_by_name[line.names[0].name] = str(line.module)
    return _homes_by_name


def __getattr__(name: str) -> object:
    from importlib import import_module

    if name == "__all__":
        return sorted(_homes())
    if name not in _homes():
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    exported = getattr(import_module(_homes()[name]), name)
    globals()[name] = exported
    return exported


def __dir__() -> list[str]:
    return sorted(_homes())


class _Package(type(sys)):
    """This package, whose `series` is the function: the package of that name is not bound to it."""

    def __setattr__(self, name: str, value: object) -> None:
        if name != "series" or not isinstance(value, type(sys)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
