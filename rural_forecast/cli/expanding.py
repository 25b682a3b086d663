"""Groups of options in the signature of a command as options of their own, so that Typer sees a flat signature."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping
from copy import copy
from functools import cache, wraps
from typing import Annotated, Any, Literal, get_type_hints

import typer

from rural_forecast.cli.options import ONE, SEVERAL, Drawing, Picturing, Showing, Sources
from rural_forecast.render import formats


def expanded(command: Callable[..., None], only: Collection[str] = (), path: str = "") -> Callable[..., None]:
    """Flatten the groups in a command's signature into options of their own.

    Parameters
    ----------
    only : the formats of a command that does not write documents
    path : the command as it is typed, such as `series check`
    """
    hints = get_type_hints(command, include_extras=True)
    groups = {name: hint for name, hint in hints.items() if _is_group(hint)}
    own = hints.keys() - groups.keys()
    special = {
        "format": _choice(only, drawn=not {Drawing, Picturing}.isdisjoint(groups.values())),
        "series": SEVERAL if Sources in hints.values() else ONE,
    }
    flat: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        if parameter.name in groups:
            flat += [
                _keyword(name, special.get(name, hint), default)
                for name, hint, default in _flat(groups[parameter.name])
                if name not in own
            ]
        else:
            flat.append(_keyword(parameter.name, hints[parameter.name], parameter.default))

    defaults = {parameter.name: parameter.default for parameter in flat}
    names = {parameter.name: option_name(parameter) for parameter in flat}

    @wraps(command)
    def call(**arguments: Any) -> None:
        from rural_forecast.cli import applies, destination

        typed = {name: value for name, value in arguments.items() if value != defaults.get(name, value)}
        form = destination.format_of(arguments["format"], arguments["output"], next(iter(only), ""))
        applies.check(applies.Typed(path, typed, form), {name: names[name] for name in typed if names[name]})
        stated = {name: arguments.pop(name) for name in own & arguments.keys()}
        command(**stated, **{name: _whole(group, arguments) for name, group in groups.items()})

    call.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined] # functions have it, their type has not
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    return call


def _is_group(hint: Any) -> bool:
    return hasattr(hint, "_fields")


@cache
def _hints(group: Any) -> dict[str, Any]:
    return get_type_hints(group, include_extras=True)


def _flat(group: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, hint and default of each option of a group, and of the groups within it."""
    for name, hint in _hints(group).items():
        if _is_group(hint):
            yield from _flat(hint)
        else:
            yield name, hint, group._field_defaults[name]


def _whole(group: Any, arguments: Mapping[str, Any]) -> Any:
    """A group of those arguments that are its options; an option that is not among them keeps its default."""
    fields = {name: _whole(hint, arguments) for name, hint in _hints(group).items() if _is_group(hint)}
    return group(**fields, **{name: arguments[name] for name in group._fields if name in arguments})


def _choice(only: Collection[str], *, drawn: bool) -> Any:
    """The option `--format` with the formats a command has: its own, or those of documents and maybe of pictures."""
    option = copy(_hints(Showing)["format"].__metadata__[0])
    offered = only or (*formats.FORMATS, *(formats.PICTURES if drawn else ()))
    option.help = f"Output format: {', '.join(offered)}."
    if only:
        option.show_default = next(iter(only))
    return Annotated[Literal[tuple(offered)] | None, option]


def option_name(parameter: inspect.Parameter) -> str:
    """The long name of an option; empty for an argument or the context."""
    about = next(iter(getattr(parameter.annotation, "__metadata__", ())), None)
    if not isinstance(about, typer.models.OptionInfo):
        return ""
    declared = (about.default, *(about.param_decls or ()))  # within Annotated, Typer keeps the first name as a default
    names = (name for name in declared if isinstance(name, str) and name.startswith("--"))
    return next(names, f"--{parameter.name.replace('_', '-')}")


def _keyword(name: str, hint: Any, default: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)
