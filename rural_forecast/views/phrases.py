"""Texts with fields in braces, as for `str.format`: how notes and errors are put in words.

After the colon is one of `FORMS`, or `one|several`: the first is for one item, a count of 1 or True; `#` is the count.
`{option levels=value}` is an option as the user writes it, with a field or a literal as its value.
"""

from __future__ import annotations

from ast import literal_eval
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from inspect import isfunction, signature
from string import Formatter
from typing import Any

from rural_forecast.errors import Worded, option
from rural_forecast.text.wording import listed, number, shortened, spans


def _quoted(names: Any, most: int = 8) -> str:
    """Names of a file in quotes; the readers are imported for no other text."""
    from rural_forecast.series.reading.grid import listed

    return listed([names] if isinstance(names, str) else names, most)


FORMS: dict[str, Callable[[Any], str]] = {
    "number": number,
    "unit": lambda unit: f" {unit}" if unit not in ("", "count", "fraction") else "",
    "()": lambda text: f" ({'; '.join([text] if isinstance(text, str) else text)})" if text else "",
    "spans": spans,
    "listed": listed,
    "joined": ", ".join,
    "shortened": shortened,
    "shown": _quoted,
    "quoted": _quoted,
    "quoted 5": lambda names: _quoted(names, 5),
    "quoted 20": lambda names: _quoted(names, 20),
    "by series": lambda years: "; ".join(f"{name} {spans(of_series)}" for name, of_series in years),
}


class _Texts(Formatter):
    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        if not field_name.startswith("option "):
            field: tuple[Any, str] = super().get_field(field_name, args, kwargs)
            return field
        name, stated, value = field_name.removeprefix("option ").partition("=")
        if not stated:
            return option(name), field_name
        return option(name, kwargs[value] if value in kwargs else literal_eval(value)), field_name

    def format_field(self, value: Any, form: str) -> str:
        if "|" in form:
            count = value if isinstance(value, int) else len(value)
            return form.split("|")[count != 1].replace("#", f"{count:,}")
        if isinstance(value, Worded):
            value = value.problem
        return FORMS[form](value) if form in FORMS else str(super().format_field(value, form))


def filled(text: str, fields: Mapping[str, object]) -> str:
    """A text with its fields filled in.

    >>> filled("{names:listed} {names:is|are} in {file}", {"names": ("a", "b"), "file": "x.csv"})
    'a and b are in x.csv'
    """
    return _Texts().vformat(text, (), fields)


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
    parts = Formatter().parse(worded if isinstance(worded, str) else " ".join(worded))
    names = [name.partition("=")[2] if name.startswith("option ") else name for _, name, _, _ in parts if name]
    return dict.fromkeys(filter(str.isidentifier, names), False)
