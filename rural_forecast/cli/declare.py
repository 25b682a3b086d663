"""Declare options, arguments and groups of options.

A command takes a group as one parameter (`showing: Showing`). `flattened` makes each field of it an option of the
command: Typer sees a flat signature, and the command gets the group whole. A field may be a group itself. A parameter
of the command replaces the field of that name, which then keeps its default; `without` leaves fields out.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field, fields, is_dataclass
from functools import cache, wraps
from typing import Any, Literal, TypeVar, dataclass_transform, get_type_hints

import typer

from rural_forecast.cli import environment, streams
from rural_forecast.cli.conditions import Line, Needs, applies, kinds_of, require
from rural_forecast.render import formats
from rural_forecast.series.source_names import in_file_of

G = TypeVar("G")
Section = Literal["Question", "Evidence", "Money", "Series", "Reading", "Output"]
"""Where the help lists an option; left out, that of its group, or `Question`."""


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
    brief: bool = False,
    section: Section | None = None,
    names_source: bool = False,
    variable: str = "",
    **limits: Any,
) -> Any:
    """Declare an option with a value, as the default of a parameter or field.

    `names`: the name of the parameter if left out; `left_out`: the default in words; `needs`: when it applies;
    `complete`: suggests values to a shell; `parse`: reads what is typed, `several` times or once, for the option of a
    name; `brief`: the short help has it; `names_source`: it may name a series of the command's file, `::SERIES`.
    `variable`: of the environment, which sets the default where the option applies.
    """
    shown = left_out or (variable if default is None else "") or True
    option = typer.Option(
        default, *names, metavar=metavar, help=meaning, show_default=shown, autocompletion=complete, **limits
    )
    option.needs, option.parse, option.several, option.brief = needs, parse, several, brief
    option.rich_help_panel, option.names_source, option.variable = section, names_source, variable
    return option


def flag(name: str, meaning: str, *names: str, default: Any = False, **about: Any) -> Any:
    """Declare an option that is there or not, or one of a few words."""
    return value(None, meaning, name, *names, default=default, **about)


def argument(metavar: str, meaning: str, *, default: Any = None, left_out: str = "", complete: Any = None) -> Any:
    """Declare an argument; `default=...` where it must be given."""
    return typer.Argument(
        default, metavar=metavar, help=meaning, show_default=left_out or True, autocompletion=complete
    )


@dataclass_transform(frozen_default=True)
def group(section: Section, needs: Needs = ()) -> Callable[[type[G]], type[G]]:
    """Make a class a group of options: a dataclass, each field with the default of its option.

    `needs`: when its options apply that name nothing else.
    """

    def made(of: type[G]) -> type[G]:
        for name, option in list(vars(of).items()):
            if _is_option(option):
                option.rich_help_panel = option.rich_help_panel or section
                option.needs = option.needs or needs
                setattr(of, name, field(default=option.default, metadata={"option": option}))
        return dataclass(repr=False, eq=False)(of)  # the type checker keeps it frozen; a start is faster so

    return made


def without(*names: str) -> frozenset[str]:
    """Leave fields out of a group, or of the groups in it: `Annotated[Question, without("model")]`."""
    return frozenset(names)


def flattened(command: Callable[..., None], only: Collection[str] = ()) -> Callable[..., None]:
    """Give a command the options of its groups.

    `only`: the formats of a command that does not write documents. The result has `brief`: the parameters that the
    short help lists, the command's own first.
    """
    hints = get_type_hints(command, include_extras=True)
    signature = inspect.signature(command).parameters
    groups = {name: hint for name, hint in hints.items() if _is_group(hint)}
    own = signature.keys() - groups.keys()
    flat: dict[str, tuple[Any, Any]] = {}
    for name, parameter in signature.items():
        if name in own:
            flat[name] = hints[name], parameter.default
        else:
            flat |= {each: (hint, option) for each, hint, option in _options(groups[name]) if each not in own}
    if "format" in flat:
        flat["format"] = _choice(flat["format"][1], only, drawn="theme" in flat)
    flat = {name: (_typed(hint, option), option) for name, (hint, option) in flat.items()}
    options = {name: option for name, (_, option) in flat.items() if _is_option(option)}
    variables = [name for name, option in options.items() if option.variable]
    for option in options.values():
        option.rich_help_panel = option.rich_help_panel or "Question"
    source = next((name for name in ("source", "file") if name in flat and name not in options), "")
    source = source or next((name for name in ("against", "new") if name in flat), "")

    @wraps(command)
    def call(**arguments: Any) -> None:
        typed = {name: given for name, given in arguments.items() if given != flat[name][1].default}
        line = Line(
            typed,
            options,
            formats.BY_NAME[streams.format_of(arguments.get("format"), arguments.get("output"), only)],
            "chart" in typed or bool(only),
            kinds_of(arguments[source]) if source else frozenset(),
        )
        environment.start()
        for name in variables:
            stated = None if _is_typed(name) else environment.default(options[name].variable, flat[name][0])
            if stated is not None and applies(line._replace(typed={**typed, name: stated}), options[name].needs):
                arguments[name] = typed[name] = stated
                environment.note(options[name].variable)
        main = arguments[source] if source else None
        main = main[0] if isinstance(main, list | tuple) else main
        for name in filter(options.__contains__, typed):
            if main and options[name].names_source:
                arguments[name] = _in_file_of(arguments[name], main)
            require(line, long_name(options[name], name), options[name].needs)
            if parse := options[name].parse:
                arguments[name] = parse(arguments[name], long_name(options[name], name))
        alone = {name: arguments.pop(name) for name in own & arguments.keys()}
        command(**alone, **{name: _whole(group, arguments) for name, group in groups.items()})

    briefs = sorted((name for name, option in options.items() if option.brief), key=lambda name: name not in own)
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=hint)
        for name, (hint, default) in flat.items()
    ]
    call.__dict__.update(__signature__=inspect.Signature(parameters), brief=[*briefs[:9], *({"output"} & flat.keys())])
    call.__annotations__ = {name: hint for name, (hint, _) in flat.items()}
    return call


def _is_typed(name: str) -> bool:
    """True if an option is typed, maybe with the value of its default."""
    from typer._click.globals import get_current_context

    context = get_current_context(silent=True)
    source = context.get_parameter_source(name) if context is not None else None
    return source is not None and source.name == "COMMANDLINE"


def long_name(option: Any, name: str) -> str:
    """The long name of the option of a parameter."""
    return next((each for each in option.param_decls or () if each[:2] == "--"), f"--{name.replace('_', '-')}")


def _in_file_of(given: Any, main: str) -> Any:
    """Declare an option that names a source, or several; `::SERIES` is of the file of the main one."""
    return in_file_of(given, main) if isinstance(given, str) else [in_file_of(each, main) for each in given]


def _is_option(default: Any) -> bool:
    return isinstance(default, typer.models.OptionInfo)


def _is_group(hint: Any) -> bool:
    return is_dataclass(_class(hint))


def _class(hint: Any) -> Any:
    """The group of a hint, which may leave some of its fields out."""
    return getattr(hint, "__origin__", hint)


@cache
def _hints(group: Any) -> dict[str, Any]:
    return get_type_hints(group, include_extras=True)


def _options(hint: Any, left_out: frozenset[str] = frozenset()) -> Iterator[tuple[str, Any, Any]]:
    """Name, hint and option of each field of a group, and of the groups within it."""
    left_out = left_out.union(*getattr(hint, "__metadata__", ()))
    group = _class(hint)
    for each in fields(group):
        inner = _hints(group)[each.name]
        if each.name in left_out:
            continue
        if _is_group(inner):
            yield from _options(inner, left_out)
        else:
            yield each.name, inner, each.metadata["option"]


def _whole(hint: Any, arguments: Mapping[str, Any], left_out: frozenset[str] = frozenset()) -> Any:
    """A group of those arguments that are its options; an option that is not among them keeps its default."""
    left_out, hints = left_out.union(*getattr(hint, "__metadata__", ())), _hints(_class(hint))
    inner = {name: _whole(each, arguments, left_out) for name, each in hints.items() if _is_group(each)}
    own = hints.keys() & arguments.keys() - left_out
    return _class(hint)(**{name: arguments[name] for name in own} | inner)


def _typed(hint: Any, option: Any) -> Any:
    """The type of an option as it is typed."""
    if getattr(option, "parse", None) is None:
        return hint
    return list[str] | None if option.several else str | None


def _choice(option: Any, only: Collection[str], *, drawn: bool) -> tuple[Any, Any]:
    """The option `--format` with the formats a command has: its own, or those of documents and maybe of pictures."""
    option = copy(option)
    offered = only or (*formats.FORMATS, *(formats.PICTURES if drawn else ()))
    option.help = f"Output format: {', '.join(offered)}."
    if only:
        option.show_default = next(iter(only))
    return Literal[tuple(offered)] | None, option
