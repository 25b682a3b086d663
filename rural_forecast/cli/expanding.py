"""Groups of options in the signature of a command as options of their own, so that Typer sees a flat signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from functools import cache, wraps
from typing import Any, Literal, get_type_hints

import typer

from rural_forecast.cli.conditions import NEVER, Needs, Typed, check
from rural_forecast.cli.declare import plain
from rural_forecast.cli.drawing import Drawing, Picturing
from rural_forecast.cli.options import ONE, SEVERAL, SOURCES, Showing
from rural_forecast.render import formats


def expanded(command: Callable[..., None], only: Collection[str] = (), path: str = "") -> Callable[..., None]:
    """Flatten the groups in a command's signature into options of their own.

    `only`: the formats of a command that does not write documents; `path`: the command as it is typed, such as `series
    check`.
    """
    hints = get_type_hints(command, include_extras=True)
    signature = inspect.signature(command).parameters
    groups = {name: hint for name, hint in hints.items() if _is_group(hint)}
    own = signature.keys() - groups.keys()
    drawn = not {Drawing, Picturing}.isdisjoint(groups.values())
    several = any(parameter.default is SOURCES for parameter in signature.values())
    special = {
        "format": _choice(only, drawn=drawn),
        "series": (list[str] | None, SEVERAL) if several else (str | None, ONE),
    }
    flat: dict[str, tuple[Any, Any]] = {}
    for name, parameter in signature.items():
        if name not in groups:
            flat[name] = hints[name], parameter.default
            continue
        for field, hint, default in _flat(groups[name]):
            if field not in own:
                flat[field] = special.get(field, (hint, default))
    flat = {name: (hint, _hidden_where_never(default, name, path)) for name, (hint, default) in flat.items()}
    needs = {
        name: (long_name(default, name), default.needs) for name, (_, default) in flat.items() if _is_option(default)
    }

    @wraps(command)
    def call(**arguments: Any) -> None:
        from rural_forecast.cli import destination

        typed = {name: argument for name, argument in arguments.items() if argument != plain(flat[name][1])}
        form = destination.format_of(arguments["format"], arguments["output"], next(iter(only), ""))
        check(Typed(path, typed, form), dict(needs[name] for name in typed if name in needs))
        stated = {name: arguments.pop(name) for name in own & arguments.keys()}
        command(**stated, **{name: _whole(group, arguments) for name, group in groups.items()})

    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined] # functions have it, their type has not
        [
            inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)
            for name, (hint, default) in flat.items()
        ]
    )
    call.__annotations__ = {name: hint for name, (hint, _) in flat.items()}
    return call


def _is_group(hint: Any) -> bool:
    return hasattr(_fields(hint), "options")


def _fields(hint: Any) -> Any:
    """The group of a hint, which may leave some of its fields out."""
    return getattr(hint, "__origin__", hint)


@cache
def _hints(group: Any) -> dict[str, Any]:
    return get_type_hints(group, include_extras=True)


def _flat(hint: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, hint and option of each field of a group, and of the groups within it."""
    left_out = next(iter(getattr(hint, "__metadata__", ())), ())
    group = _fields(hint)
    for name, field in _hints(group).items():
        if name in left_out:
            continue
        if _is_group(field):
            yield from _flat(field)
        else:
            yield name, field, group.options[name]


def _whole(hint: Any, arguments: Mapping[str, Any]) -> Any:
    """A group of those arguments that are its options; an option that is not among them keeps its default."""
    group = _fields(hint)
    fields = {name: _whole(field, arguments) for name, field in _hints(group).items() if _is_group(field)}
    return group(**{name: arguments[name] for name in group._fields if name in arguments} | fields)


def _choice(only: Collection[str], *, drawn: bool) -> tuple[Any, Any]:
    """The option `--format` with the formats a command has: its own, or those of documents and maybe of pictures."""
    option = copy(Showing.options["format"])  # type: ignore[attr-defined] # see `group`
    offered = only or (*formats.FORMATS, *(formats.PICTURES if drawn else ()))
    option.help = f"Output format: {', '.join(offered)}."
    if only:
        option.show_default = next(iter(only))
    return Literal[tuple(offered)] | None, option


def _is_option(default: Any) -> bool:
    return isinstance(default, typer.models.OptionInfo)


def long_name(option: Any, name: str) -> str:
    """The long name of the option of a parameter."""
    long = (declared for declared in getattr(option, "param_decls", ()) or () if declared.startswith("--"))
    return next(long, f"--{name.replace('_', '-')}")


def _hidden_where_never(option: Any, name: str, path: str) -> Any:
    """An option, hidden where it can never apply."""
    never: Needs | None = NEVER.get(f"{path} {long_name(option, name)}") if _is_option(option) else None
    if never is not None:
        option = copy(option)
        option.hidden, option.needs = True, never
    return option
