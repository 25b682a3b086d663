"""Texts with fields in braces, as for `str.format`: how notes and errors are put in words.

After the colon is one of `FORMS`; or `one|several`: the first is for one item, a count of 1 or True, `#` is the count;
or `?there|not there`: the second is for a field that is left out, None, empty, False or a count of 0. Both may have
fields. `{option levels=value}` is an option as the user writes it, with a field or a literal as its value.
"""

from __future__ import annotations

import re
import shlex
from ast import literal_eval
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from inspect import isfunction, signature
from keyword import iskeyword
from string import Formatter
from typing import Any

from rural_forecast.errors import Worded, option
from rural_forecast.text.numbers import rounded
from rural_forecast.text.wording import listed, named_months, number, shortened, spans, written


def _quoted(names: Any, most: int = 8) -> str:
    """Names of a file in quotes; the readers are imported for no other text."""
    from rural_forecast.text.cells import quoted

    return quoted([names] if isinstance(names, str) else names, most)


def first(items: Sequence[str], most: int = 20) -> str:
    """The first columns, sheets, keys or files, and how many more there are."""
    more = [f"and {len(items) - most:,} more"] if len(items) > most else []
    return ", ".join([*items[:most], *more])


def _repr(value: object) -> str:
    """A value as Python writes it, cut if it is long."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


FORMS: dict[str, Callable[[Any], str]] = {
    "repr": _repr,
    "number": number,
    "rounded": rounded,
    "4 digits": lambda value: number(float(f"{value:.4g}")),
    "2 decimals": lambda value: number(round(value, 2)),
    "1 decimal": lambda value: number(round(value, 1)),
    "share": lambda share: f"{100 * share:.0f} %",
    "whole": lambda whole: "100 %" if whole > 1 else "1, that is 100 %",
    "side": lambda gap: f"{abs(gap):.1f} % {'above' if gap > 0 else 'below'}",
    "unit": lambda unit: f" {unit}" if unit not in ("", "count", "fraction") else "",
    "()": lambda text: f" ({'; '.join([text] if isinstance(text, str) else text)})" if text else "",
    "range": written,
    "months": named_months,
    "spans": spans,
    "listed": listed,
    "joined": ", ".join,
    "shortened": shortened,
    "listed 20": first,
    "shell": shlex.quote,
    "shown": _quoted,
    "quoted": _quoted,
    "quoted 5": lambda names: _quoted(names, 5),
    "quoted 12": lambda names: _quoted(names, 12),
    "quoted 20": lambda names: _quoted(names, 20),
    "by series": lambda years: "; ".join(f"{name} {spans(of_series)}" for name, of_series in years),
}


@cache
def _parts(text: str) -> tuple[tuple[str, str | None, str], ...]:
    """Literals, each with the field after it, if there is one, and its form; a batch words one text many times."""
    parts = Formatter().parse(text)  # which takes a colon within the value of an option for the beginning of a form
    return tuple(
        (literal, f"{name}:{form}" if form and name and name.startswith("option ") else name, form or "")
        for literal, name, form, _ in parts
    )


@cache
def _choices(form: str) -> list[str]:
    """The parts of a form between bars; a bar within braces parts none."""
    return re.split(r"\|(?![^{}]*\})", form)


def _option(name: str, fields: Mapping[str, object]) -> str:
    name, stated, value = name.removeprefix("option ").partition("=")
    if not stated:
        return option(name)
    return option(name, fields[value] if value in fields else literal_eval(value))


def _field(name: str, form: str, fields: Mapping[str, object]) -> str:
    """A field in a form; a name may have attributes, such as `cause.hint`."""
    if name.startswith("option "):
        return _option(name, fields)
    if form.startswith("?"):
        there = isinstance(fields.get(name), float) or fields.get(name)
        return filled(_choices(form[1:])[not there], fields)
    value: Any = fields[name] if name in fields else Formatter().get_field(name, (), fields)[0]
    if "|" in form:
        count = value if isinstance(value, int) else len(value)
        chosen = _choices(form.replace("#", "{#:,}"))[count != 1]
        return filled(chosen, {**fields, "#": count}) if "{" in chosen else chosen
    if isinstance(value, Worded):
        value = value.problem
    return FORMS[form](value) if form in FORMS else format(value, form)


def filled(text: str, fields: Mapping[str, object]) -> str:
    """A text with its fields filled in.

    >>> filled("{names:listed} {names:is|are} in {file}", {"names": ("a", "b"), "file": "x.csv"})
    'a and b are in x.csv'
    >>> [filled("known{since:? since {since}| by hearsay}", {"since": year}) for year in (2014, None)]
    ['known since 2014', 'known by hearsay']
    """
    parts = _parts(text)
    return "".join(literal + ("" if name is None else _field(name, form, fields)) for literal, name, form in parts)


@cache
def of_file(module: str) -> dict[str, Any]:
    """The texts and functions of one file, by code."""
    names = vars(import_module(module))
    functions = {name: value for name, value in names.items() if isfunction(value) and not name.startswith("_")}
    own = {name: function for name, function in functions.items() if function.__module__ == module}
    texts: dict[str, Any] = names.get("TEXTS", {})
    return texts | own


def taken(worded: str | Sequence[str] | Callable[..., Any]) -> dict[str, bool]:
    """The fields that a text, several texts or a function take, each with whether it can be left out."""
    if callable(worded):
        parameters = signature(worded).parameters.items()
        return {name: parameter.default is not parameter.empty for name, parameter in parameters}
    found: dict[str, bool] = {}

    def take(text: str, *, optional: bool) -> None:
        for _, name, form in _parts(text):
            stated = name.partition("=")[2] if name and name.startswith("option ") else name
            own, may_be_left_out = re.match(r"[^\W\d]\w*", stated or ""), optional or form.startswith("?")
            if own and not iskeyword(own[0]):
                found[own[0]] = found.get(own[0], True) and may_be_left_out
            take(form, optional=may_be_left_out)

    take(worded if isinstance(worded, str) else " ".join(worded), optional=False)
    return found
