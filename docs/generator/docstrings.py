"""Reads our docstrings as NumPy's: `name : meaning` becomes a name with its meaning, types come
from the signature.

The fields and properties of a class become one list below it; the comment at the end of a field's
line is its meaning. Used by mkdocstrings on the page of the Python API.
"""

from __future__ import annotations

import re
from inspect import getdoc
from typing import Any

from griffe import Attribute, Class, Docstring, Extension, Function, Object

import rural_forecast

_ITEM = re.compile(r"^(\w[\w, ]*?) : (.*(?:\n(?: {4,}\S.*))*)", re.MULTILINE)
_SECTION = re.compile(
    r"^(Parameters|Raises|Returns)\n-+\n(.*?)(?=\n\n|\Z)", re.MULTILINE | re.DOTALL
)
_EXAMPLE = re.compile(r"(?<!-\n)^(?=>>> )", re.MULTILINE)


class Conventional(Extension):
    """Rewrites docstrings before they are parsed."""

    def on_function(self, *, func: Function, **_: Any) -> None:
        """A function or method."""
        _as_called(func)
        _rewrite(func, str(func.returns or ""))

    def on_attribute(self, *, attr: Attribute, **_: Any) -> None:
        """A function that is made of another one."""
        if _as_called(attr):
            _rewrite(attr, "")

    def on_class(self, *, cls: Class, **_: Any) -> None:
        """A class."""
        _rewrite(cls, "")
        _list_attributes(cls)


def _as_called(of: Object) -> bool:
    """Give a function of the Python API the text of the domain, as it has when it is called."""
    if (
        not of.path.startswith("rural_forecast.objects.functions.")
        or of.name not in rural_forecast.__all__
    ):
        return False
    text = getdoc(getattr(rural_forecast, of.name)) or ""
    of.docstring = Docstring(text, parent=of)
    return True


def _rewrite(of: Object, returns: str) -> None:
    if of.docstring:
        of.docstring.value = numpy_style(of.docstring.value, returns)


def _list_attributes(cls: Class) -> None:
    """Move the public attributes of a class into its docstring, but for its arguments."""
    items = []
    arguments = _arguments_of(cls)
    for name, one in list(cls.attributes.items()):
        if name.startswith("_") or one.is_alias:
            continue
        if name in arguments:
            cls.del_member(name)
            continue
        comment = re.search(r"  # (.+)$", one.source)
        meaning = ""
        if one.docstring:
            meaning = one.docstring.value
        elif comment:
            meaning = f"{comment[1][:1].upper()}{comment[1][1:]}."
        lines = "".join(f"\n    {line.strip()}" for line in meaning.split("\n\n")[0].splitlines())
        items.append(f"{name} : {one.annotation or ''}{lines}")
        cls.del_member(name)
    if items and cls.docstring:
        cls.docstring.value += "\n\nAttributes\n----------\n" + "\n".join(items)


def _arguments_of(cls: Class) -> set[str]:
    """Name what the docstring of a class has as parameters."""
    names = set[str]()
    for section in _SECTION.finditer(cls.docstring.value if cls.docstring else ""):
        if section[1] == "Parameters":
            for item in _ITEM.finditer(section[2]):
                names |= {*item[1].split(", ")}
    return names


def numpy_style(text: str, returns: str) -> str:
    """A docstring of ours in the form that NumPy's parser takes."""

    def section(match: re.Match[str]) -> str:
        head = match[1]
        body = match[2]
        if head == "Returns":
            lines = "\n".join(f"    {line.strip()}" for line in body.splitlines())
            body = f"{returns}\n{lines}"
        else:
            body = _ITEM.sub(lambda item: _items(head, item[1], item[2]), body)
        return f"{head}\n{'-' * len(head)}\n{body}"

    text = _SECTION.sub(section, text)
    first = _EXAMPLE.search(text)
    return (
        text
        if first is None
        else f"{text[: first.start()]}Examples\n--------\n{text[first.start() :]}"
    )


def _items(head: str, names: str, meaning: str) -> str:
    told = "\n".join(f"    {line.strip()}" for line in meaning.splitlines())
    return "\n".join(
        f"{name}\n{told}" for name in (names.split(", ") if head == "Raises" else [names])
    )
