"""What a shell offers where a value is due: the same for every shell, told by each in its own language."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

HEAD = "completion of rural-forecast, made from its command surface by `python -m docs.surface`"


class Offer(NamedTuple):
    """What fits in one place: words, names of the catalogue, files; nothing where the value is free."""

    words: tuple[str, ...] = ()
    series: bool = False
    files: bool = False


def of(parameter: dict[str, Any], values: list[dict[str, Any]]) -> Offer:
    """What an option or argument takes."""
    names = {one["kind"]: one["names"] for one in values}
    named = [name for kind in parameter["takes"] for name in names[kind]]
    return Offer((*parameter["choices"], *named), "series" in parameter["takes"], "file" in parameter["takes"])


def places(spec: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], Offer]]:
    """Every option with the command it belongs to, empty for the program itself, and what fits behind it."""
    for one in spec["options"]:
        yield "", one, of(one, spec["values"])
    for command in spec["commands"]:
        for one in command["options"]:
            yield command["name"], one, of(one, spec["values"])
