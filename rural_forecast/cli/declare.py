"""How a command declares its options and arguments, and groups of options.

A command names a group as one parameter (`showing: Showing`), whose fields `expanding` makes options of their own:
Typer sees a flat signature, and the command gets the group back whole. A field may be a group itself. A parameter of
the command's own replaces the field of that name, which then keeps its default; `without` leaves fields out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import typer

from rural_forecast.cli.conditions import Needs

G = TypeVar("G", bound=type)


def value(
    metavar: str | None,
    meaning: str,
    *names: str,
    default: Any = None,
    left_out: str = "",
    needs: Needs = (),
    complete: Callable[[str], Sequence[str]] | None = None,
    **limits: Any,
) -> Any:
    """An option with a value, as the default of a parameter.

    `names`: left out, the name of the parameter; `left_out`: what happens without it; `needs`: what must hold for it to
    apply; `complete`: suggests values to a shell.
    """
    shown = left_out or True
    option = typer.Option(
        default, *names, metavar=metavar, help=meaning, show_default=shown, autocompletion=complete, **limits
    )
    option.needs = needs
    return option


def flag(name: str, meaning: str, *names: str, default: Any = False, left_out: str = "", needs: Needs = ()) -> Any:
    """An option that is there or not, or one of a few words."""
    return value(None, meaning, name, *names, default=default, left_out=left_out, needs=needs)


def argument(metavar: str, meaning: str, *, default: Any = None, left_out: str = "", complete: Any = None) -> Any:
    """An argument; `default=...` where it must be given."""
    return typer.Argument(
        default, metavar=metavar, help=meaning, show_default=left_out or True, autocompletion=complete
    )


def group(fields: G) -> G:
    """A group of options: a tuple whose fields have options as defaults, each made with the default of its option."""
    declared: Any = fields
    declared.options = declared._field_defaults
    declared._field_defaults = {name: plain(default) for name, default in declared.options.items()}
    declared.__new__.__defaults__ = tuple(declared._field_defaults.values())
    return fields


def plain(default: Any) -> Any:
    """The value of a parameter that is left out."""
    return default.default if isinstance(default, typer.models.ParameterInfo) else default


def without(*names: str) -> frozenset[str]:
    """Fields that a command leaves out of a group: `Annotated[Question, without("model")]`."""
    return frozenset(names)
