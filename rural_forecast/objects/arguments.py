"""Arguments that many functions of the Python API share, as their docstrings list them.

A docstring of the domain names them in a group, as those of a question of which nobody who reads
`rf.forecast?` knows the class. In the Python API each has a line.
"""

from __future__ import annotations

import re
from textwrap import fill

SHARED = {
    "year": "last year to forecast, 100 years after the origin at most",
    "horizon": "years after the origin, in place of `year`; two where both are left out",
    "levels": "interval levels in whole percents, 30 to 99; 80 and 95 if left out",
    "ceiling": (
        "range in which the market saturates, its ends in the unit of the series; nothing lies "
        "above the upper one"
    ),
    "floor": "value below which nothing lies, in the unit of the series",
    "measure": "`cumulative` for a running total, which never falls",
    "kind": (
        "subject of the market, `adoption` say, or `none`; left out, the one that the series "
        "states or that its title says"
    ),
    "within": (
        "the total that the series is a part of, in its unit: whatever makes a series; left out, "
        "the one that its file or the catalogue names"
    ),
    "like": (
        "the same product in other markets, a list, each whatever makes a series: those that are "
        "ahead lead the consensus"
    ),
    "since": "first year used",
    "until": (
        "last year used; what was observed later is shown next to the forecast, and parts of a "
        "later year are not used"
    ),
    "prefer": "source to use where several give a value: its name, `median` or `rule`",
    "allow_gaps": "True to accept missing years; only those after the last gap are used",
    "as_of": "a `date`: only what had surely been published by that day is used",
    "basis": (
        "`comparable`: growth as published, or else as levels give it, and the latest level; "
        "`levels` as published; `chained`: earlier levels rebuilt from published growth"
    ),
    "breaks": (
        "first years on a new basis, with those that the series states: growth alone crosses them"
    ),
}
_WIDTH = 96
_GROUP = re.compile(
    # Its names
    r"^(?P<names>\w+(?:, \w+)*) : "
    # What they are, to the end of the entry
    r"(?:as in `forecast`|[^\n]*see `(?:Window|MarketQuestion)`)(?:\n    [^\n]*)*$",
    re.MULTILINE,
)


def in_full(docstring: str) -> str:
    """Give a docstring of the domain with a line for each argument of a group."""
    return _GROUP.sub(lambda group: _lines(group["names"].split(", ")), docstring)


def _lines(names: list[str]) -> str:
    entries = [fill(f"{name} : {SHARED[name]}", _WIDTH, subsequent_indent="    ") for name in names]
    return "\n".join(entries)
