"""Declare options and arguments, and read what is typed for one. Typer's validator would cost a
quarter of a start.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches
from types import NoneType
from typing import Any, Literal, NamedTuple, get_args, get_origin

from rural_forecast.cli.conditions import Needs
from rural_forecast.errors import UsageError
from rural_forecast.series.period import LAST_YEAR

Section = Literal["Question", "Evidence", "Money", "Series", "Reading", "Output"]
"""Where the help lists an option; left out, that of its group, or `Question`."""
Assumed = float | tuple[float, float]
"""A number, or the ends of an 80 % range."""
FLATTEST = 3


class Form(NamedTuple):
    """Values of an option that are more than a word or a number."""

    read: Callable[[Any], Any]  # a text, or with `several` all that are typed; raises ValueError
    what: str = ""
    example: str = ""
    several: bool = False


@dataclass(frozen=True, kw_only=True)
class Option:
    """An option or an argument of a command."""

    metavar: str | None
    meaning: str
    left_out: str = ""  # the default in words
    names: tuple[str, ...] = ()
    """as they are typed, the longest first; that of the parameter if no long one is given."""
    default: Any = None
    needs: Needs = ()
    complete: Callable[[str], Sequence[str]] | None = None
    form: Form | None = None
    several: bool = False
    section: Section | None = None
    variable: str | None = None
    """of the environment, which sets it where it applies and is not typed."""
    least: int | None = None
    most: int | None = None
    is_argument: bool = False
    kind: type = str  # of a value, as the parameter is annotated; `bool` of a flag
    choices: tuple[str, ...] = ()

    def of(self, parameter: str, hint: Any) -> Option:
        """The option of a parameter with this annotation."""
        one = get_args(hint)[0] if NoneType in get_args(hint) else hint
        listed = get_origin(one) is list
        kind = get_args(one)[0] if listed else one
        choices = get_args(kind) if get_origin(kind) is Literal else ()
        names = (str(self.metavar).lower(),) if self.is_argument else self.names
        if not self.is_argument and not any(name.startswith("--") for name in names):
            names = ("--" + parameter.replace("_", "-"), *names)
        return replace(
            self,
            names=names,
            kind=str if self.form or choices else kind,
            choices=choices,
            several=self.form.several if self.form and not listed else listed,
        )

    @property
    def is_flag(self) -> bool:
        """True if it takes no value."""
        return self.kind is bool

    @property
    def named(self) -> str:
        """Its name in messages."""
        return str(self.metavar) if self.is_argument else self.names[0]

    @property
    def takes(self) -> str:
        """The name of its value."""
        return (
            self.metavar
            or "|".join(self.choices)
            or self.names[0].strip("-").upper().replace("-", "_")
        )

    def read(self, typed: Sequence[str], named: str = "") -> Any:
        """Read a value, or several. Raises UsageError if it is none."""
        if self.is_flag:
            return True
        named = named or self.named
        text = " ".join(typed)
        if len(typed) > 1 and not self.several:
            raise UsageError(f"{named} is given twice.", "Keep one of the two.")
        try:
            if self.form:
                return self.form.read(typed if self.several else text)
            return [*map(self._one, typed)] if self.several else self._one(text)
        except ValueError:
            what, example = self._wanted(text)
            raise UsageError(
                f"{named} {text} is not {what}.", f"Write it as {named} {example}."
            ) from None

    def _one(self, text: str) -> Any:
        if self.choices:
            if text.lower() not in self.choices:
                raise ValueError
            return text.lower()
        made = self.kind(text)
        if self.least is not None and not self.least <= made <= (self.most or made):
            raise ValueError
        return made

    def _wanted(self, text: str) -> tuple[str, object]:
        """Its values in words, and an example."""
        if self.form:
            return self.form.what, self.form.example
        if self.choices:
            close = get_close_matches(text.lower(), self.choices, 1) or self.choices
            return f"one of {', '.join(self.choices)}", close[0]
        whole = self.kind is int
        limits = (
            ""
            if self.least is None
            else f" from {self.least}{f' to {self.most}' if self.most else ''}"
        )
        example = self.least or (2030 if self.metavar == "YEAR" else 8 if whole else 12.5)
        return f"a {'whole ' * whole}number{limits}", example


def value(
    metavar: str | None, meaning: str, left_out: str = "", *, names: str = "", **about: Any
) -> Any:
    """Declare an option with a value, as the default of a parameter or field; `about`: fields of
    `Option`.
    """
    return Option(
        metavar=metavar, meaning=meaning, left_out=left_out, names=tuple(names.split()), **about
    )


def flag(meaning: str, *, default: Any = False, **about: Any) -> Any:
    """Declare an option that is there or not, or one of a few words."""
    return value(None, meaning, default=default, **about)


def argument(metavar: str, meaning: str, left_out: str = "", **about: Any) -> Any:
    """Declare an argument; `default=...` where it must be given."""
    return value(metavar, meaning, left_out, is_argument=True, **about)


def _span(text: str) -> tuple[float, float]:
    low, _, high = text.partition("..")
    ends = float(low), float(high or low)
    if not 0 < ends[0] <= ends[1] < float("inf"):
        raise ValueError
    return ends


def _ratio(text: str) -> float:
    sides = re.fullmatch(r"(\d{1,4}):(\d{1,4})", text)
    shape = int(sides[1]) / max(int(sides[2]), 1) if sides else 0.0
    if not 1 / FLATTEST <= shape <= FLATTEST:
        raise ValueError
    return shape


def _years(text: str) -> dict[str, Any]:
    """Years such as `2014..2020`, one end of them, or `all`, as arguments of `growth`."""
    if text.lower() == "all":
        return {"all_years": True}
    first, dots, last = text.partition("..")
    since, until = (int(year) if year else None for year in (first, last if dots else first))
    if not (first + last).isdigit() or (first and last and int(first) > int(last)):
        raise ValueError
    return {"since": since, "until": until}


def _number_or_name(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _shares(texts: Sequence[str]) -> dict[str, float]:
    weights = {who: float(share) for who, _, share in (text.rpartition("=") for text in texts)}
    if "" in weights or len(weights) < len(texts):
        raise ValueError
    return weights


def _assumed(text: str) -> Assumed:
    low, _, high = text.partition("..")
    return (float(low), float(high)) if high else float(low)


def _parts(texts: Sequence[str]) -> list[str]:
    return [part.strip() for text in texts for part in text.split(",")]


def _by_year(texts: Sequence[str]) -> dict[int, Assumed]:
    items = [part.partition("=") for part in _parts(texts)]
    values = {int(year): _assumed(number) for year, _, number in items}
    if len(values) < len(items) or not 1 <= min(values) <= max(values) <= LAST_YEAR:
        raise ValueError
    return dict(sorted(values.items()))


def _growth(texts: Sequence[str]) -> dict[int, Assumed] | Assumed:
    return _assumed(texts[0]) if len(texts) == 1 and "=" not in texts[0] else _by_year(texts)


SPAN = Form(_span, "a positive number or a range of them", "800..1200")
RATIO = Form(_ratio, f"width to height, from 1:{FLATTEST} to {FLATTEST}:1", "16:9")
DAY = Form(lambda text: date.fromisoformat(text.strip()), "a day", "2017-07-20")
YEARS = Form(_years, "a year or a span of years", "2014..2020")
LEVELS = Form(lambda texts: [*map(int, _parts(texts))], "a whole number, or several", "50,80,95")
WORDS = Form(lambda texts: [part.lower() for part in _parts(texts)])
PREFERRED = Form(lambda text: text.lower() if text.lower() in ("rule", "median") else text)
NUMBER_OR_NAME = Form(_number_or_name)
WORD = Form(str.lower)
SHARES = Form(_shares, "a voice, named once, and its share", "BCG=0.3", several=True)
GROWTH = Form(
    _growth, "a number, a range, or some by year", "5, 3..7, or 2026=4,2027=3..5", several=True
)
BY_YEAR = Form(
    _by_year, "a year, named once, with a number or a range", "2026=4,2027=3..5", several=True
)
