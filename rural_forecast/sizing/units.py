"""Units of a sizing model: what is counted, at which scale, per what.

A unit is a product of powers of nouns with a scale: `bn CNY`, `million persons`, `CNY per person and year`, `orders per
thousand households`, `share`, `percent`, `count`. Every noun is a dimension of its own, so persons never become
households without a driver in `persons per household`. Sizing goes by years: `per year` changes nothing, `per month`
counts twelve times in a year. Values are computed in whole persons and yuan, so that scales cannot go wrong.

>>> users, spending = parse_unit("million persons"), parse_unit("CNY per person and year")
>>> product = users.times(spending)
>>> str(product), product.scale / parse_unit("bn CNY").scale
('CNY', 0.001)
"""

from __future__ import annotations

import re
from typing import NamedTuple

from rural_forecast.sizing.toml import TableError

_NAMED_SCALES = {1e2: "hundred", 1e3: "thousand k", 1e6: "million mn m", 1e9: "billion bn", 1e12: "trillion tn"}
SCALES = {name: scale for scale, names in _NAMED_SCALES.items() for name in names.split()}
_ONES = ("share", "fraction", "count", "number", "ratio", "factor", "times")
PLAIN = {"percent": 0.01, "%": 0.01} | dict.fromkeys(_ONES, 1.0)  # names of plain numbers, with their scale
TIMES_A_YEAR = {"year": 1.0, "half": 2.0, "quarter": 4.0, "month": 12.0, "week": 365 / 7, "day": 365.0}
_NAMES = {"person": "people head capita", "CNY": "yuan rmb cny", "USD": "usd dollar", "year": "annum", "half": "halve"}
_SAME = {name: noun for noun, names in _NAMES.items() for name in names.split()}
_LARGEST = 1e24
_NUMBER = re.compile(r"\d[\d_,]*(?:\.\d+)?", re.ASCII)
_WORD = re.compile(r"[^\W\d]\w*")


class Unit(NamedTuple):
    """Powers of nouns, sorted and none of them 0, and how many of them one is."""

    powers: tuple[tuple[str, int], ...]
    scale: float = 1.0

    def times(self, other: Unit, sign: int = 1) -> Unit:
        """The product, or with -1 the quotient."""
        powers = dict(self.powers)
        for noun, power in other.powers:
            powers[noun] = powers.get(noun, 0) + sign * power
        known = sorted((noun, each) for noun, each in powers.items() if each)
        return Unit(tuple(known), self.scale * other.scale**sign)

    def power(self, exponent: int) -> Unit:
        """The whole power."""
        powers = tuple((noun, exponent * power) for noun, power in self.powers) if exponent else ()
        return Unit(powers, self.scale**exponent)

    def __str__(self) -> str:
        def written(noun: str, power: int, ending: str = "") -> str:
            word = noun if noun.isupper() or noun.endswith("s") else f"{noun}{ending}"
            return word if power == 1 else f"{word}**{power}"

        above = " times ".join(written(noun, power, "s") for noun, power in self.powers if power > 0)
        below = " and ".join(written(noun, -power) for noun, power in self.powers if power < 0)
        return f"{above or '1'}{f' per {below}' if below else ''}" if self.powers else "a plain number"


ONE = Unit(())


def parse_unit(text: str) -> Unit:
    """Read a unit. Raises TableError if it is not understood."""
    above, *below = re.split(r"(?:^|\s+)per\s+|\s*/\s*", text.strip())
    unit = _part(above, text) if above else ONE
    for noun in (noun for part in below for noun in re.split(r"\s+and\s+", part.strip())):
        unit = unit.times(_part(noun, text, below=True), -1)
    return unit


def _part(text: str, unit: str, *, below: bool = False) -> Unit:
    """One noun with its scales, or the name of a plain number."""
    words = text.split()
    scale = 1.0
    while words and (_NUMBER.fullmatch(words[0]) or words[0].lower() in SCALES):
        word = words.pop(0)
        scale *= SCALES.get(word.lower()) or float(word.replace("_", "").replace(",", ""))
    first = words[0].lower() if words else ""
    if 0 < scale < _LARGEST:
        if not words and not below and scale != 1.0:
            return Unit((), scale)
        if first in PLAIN and (len(words) == 1 or words[1] in ("of", "growth", "change")):
            return Unit((), scale * PLAIN[first])
        if len(words) == 1 and _WORD.fullmatch(words[0]):
            noun = _singular(words[0])
            if noun in TIMES_A_YEAR:
                return Unit((), scale / TIMES_A_YEAR[noun])
            return Unit(((noun, 1),), scale)
    hint = f"Write one word, such as {'_'.join(words) or 'persons'}, after a scale such as million."
    raise TableError(f"the unit '{unit}' does not name one thing that is counted, at a scale above 0.", hint)


def _singular(word: str) -> str:
    lower = word.lower()
    for ending, single in (("ies", "y"), ("sses", "ss"), ("s", "")):
        if lower.endswith(ending) and not (ending == "s" and lower.endswith(("ss", "us"))) and len(lower) > 3:
            lower = lower.removesuffix(ending) + single
            break
    return _SAME.get(lower, word if word.isupper() else lower)
