"""How a command declares its options and arguments, and groups of options.

A command names a group as one parameter (`showing: Showing`), whose fields `expanded` makes options of their own: Typer
sees a flat signature, and the command gets the group back whole. A field may be a group itself. A parameter of the
command's own replaces the field of that name, which then keeps its default; `without` leaves fields out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from functools import cache, wraps
from typing import Any, Literal, TypeVar, get_type_hints

import typer

from rural_forecast.cli import streams
from rural_forecast.cli.conditions import Needs, Typed, check
from rural_forecast.render import formats

G = TypeVar("G", bound=type)


def value(
    metavar: str | None,
    meaning: str,
    *names: str,
    default: Any = None,
    left_out: str = "",
    needs: Needs = (),
    complete: Callable[[str], Sequence[str]] | None = None,
    parse: Callable[[Any, str], Any] | None = None,
    several: bool = False,
    **limits: Any,
) -> Any:
    """An option with a value, as the default of a parameter.

    `names`: left out, the name of the parameter; `left_out`: what happens without it; `needs`: what must hold for it to
    apply; `complete`: suggests values to a shell; `parse`: reads what is typed, `several` times or once, for the option
    of a name.
    """
    shown = left_out or True
    option = typer.Option(
        default, *names, metavar=metavar, help=meaning, show_default=shown, autocompletion=complete, **limits
    )
    option.needs, option.parse, option.several = needs, parse, several
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
    """Fields that a command leaves out of a group, or of the groups in it: `Annotated[Question, without("model")]`."""
    return frozenset(names)


def expanded(command: Callable[..., None], only: Collection[str] = (), path: str = "") -> Callable[..., None]:
    """Flatten the groups in a command's signature into options of their own.

    `only`: the formats of a command that does not write documents; `path`: the command as it is typed, such as `series
    check`.
    """
    hints = get_type_hints(command, include_extras=True)
    signature = inspect.signature(command).parameters
    groups = {name: hint for name, hint in hints.items() if _is_group(hint)}
    own = signature.keys() - groups.keys()
    flat: dict[str, tuple[Any, Any]] = {}
    for name, parameter in signature.items():
        if name not in groups:
            flat[name] = hints[name], parameter.default
            continue
        flat |= {field: (hint, option) for field, hint, option in _flat(groups[name]) if field not in own}
    flat["format"] = _choice(flat["format"][1], only, drawn="theme" in flat)
    flat = {name: (_typed(hint, option), option) for name, (hint, option) in flat.items()}
    options = {name: option for name, (_, option) in flat.items() if _is_option(option)}
    needs = {name: (long_name(option, name), option.needs) for name, option in options.items()}

    @wraps(command)
    def call(**arguments: Any) -> None:
        typed = {name: argument for name, argument in arguments.items() if argument != plain(flat[name][1])}
        for name in typed:
            if parse := getattr(flat[name][1], "parse", None):
                arguments[name] = parse(arguments[name], needs[name][0])
        form = streams.format_of(arguments["format"], arguments["output"], only)
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


def _typed(hint: Any, option: Any) -> Any:
    """The type of an option as it is typed."""
    if getattr(option, "parse", None) is None:
        return hint
    return list[str] | None if option.several else str | None


def _is_group(hint: Any) -> bool:
    return hasattr(_fields(hint), "options")


def _fields(hint: Any) -> Any:
    """The group of a hint, which may leave some of its fields out."""
    return getattr(hint, "__origin__", hint)


@cache
def _hints(group: Any) -> dict[str, Any]:
    return get_type_hints(group, include_extras=True)


def _flat(hint: Any, left_out: frozenset[str] = frozenset()) -> Iterator[tuple[str, Any, Any]]:
    """Name, hint and option of each field of a group, and of the groups within it."""
    left_out = left_out.union(*getattr(hint, "__metadata__", ()))
    group = _fields(hint)
    for name, field in _hints(group).items():
        if name in left_out:
            continue
        if _is_group(field):
            yield from _flat(field, left_out)
        else:
            yield name, field, group.options[name]


def _whole(hint: Any, arguments: Mapping[str, Any]) -> Any:
    """A group of those arguments that are its options; an option that is not among them keeps its default."""
    group = _fields(hint)
    fields = {name: _whole(field, arguments) for name, field in _hints(group).items() if _is_group(field)}
    return group(**{name: arguments[name] for name in group._fields if name in arguments} | fields)


def _choice(option: Any, only: Collection[str], *, drawn: bool) -> tuple[Any, Any]:
    """The option `--format` with the formats a command has: its own, or those of documents and maybe of pictures."""
    option = copy(option)
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
