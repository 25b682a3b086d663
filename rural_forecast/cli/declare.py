"""Declare options, groups of options, and commands.

A command names the groups that it takes, and has options of its own as parameters. `flattened` makes one flat signature
of them for Typer; the command gets those of the groups as one `Options`, which has every option that commands share.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache, wraps
from inspect import Parameter, Signature, signature
from types import MappingProxyType
from typing import Any, ClassVar, Literal, TypeVar, get_type_hints

import typer
from typer._click.core import ParameterSource
from typer._click.globals import get_current_context

from rural_forecast.cli import environment, streams
from rural_forecast.cli.conditions import Line, Needs, applies, kinds_of, require
from rural_forecast.errors import RuralForecastError
from rural_forecast.render import formats
from rural_forecast.series.source_names import in_file_of

C = TypeVar("C", bound=Callable[..., None])
Section = Literal["Question", "Evidence", "Money", "Series", "Reading", "Output"]
"""Where the help lists an option; left out, that of its group, or `Question`."""
SOURCES = ("source", "file", "against", "new")
"""Parameters of the series that a command is about, the first that a command has."""


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
    variable: str | None = None,
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
        default,
        *names,
        metavar=metavar,
        help=meaning,
        show_default=shown,
        autocompletion=complete,
        envvar=variable,
        rich_help_panel=section,
        **limits,
    )
    vars(option).update(needs=needs, parse=parse, several=several, brief=brief, names_source=names_source)
    return option


def flag(name: str, meaning: str, *names: str, default: Any = False, **about: Any) -> Any:
    """Declare an option that is there or not, or one of a few words."""
    return value(None, meaning, name, *names, default=default, **about)


def argument(metavar: str, meaning: str, *, default: Any = None, left_out: str = "", complete: Any = None) -> Any:
    """Declare an argument; `default=...` where it must be given."""
    return typer.Argument(
        default, metavar=metavar, help=meaning, show_default=left_out or True, autocompletion=complete
    )


class Group:
    """A group of options, each an attribute with the option as its default; `needs`: when they apply."""

    own: ClassVar[tuple[str, ...]] = ()
    """The names of its options."""

    def __init_subclass__(cls, section: Section = "Question", needs: Needs = ()) -> None:
        mine = {name: option for name, option in vars(cls).items() if _is_option(option)}
        for option in mine.values():
            option.rich_help_panel = option.rich_help_panel or section
            option.needs = option.needs or needs
        cls.own = tuple(dict.fromkeys([*mine, *(name for base in cls.__bases__ for name in vars(base).get("own", ()))]))

    def __init__(
        self, formats: tuple[str, ...] = (), variables: Mapping[str, str] = MappingProxyType({}), **stated: Any
    ) -> None:
        """The options as stated, or at their default.

        `formats`: those of a command that does not have those of documents; `variables`: those of the environment
        that take part in the result.
        """
        self.formats, self.variables = formats, variables
        self.drawn = "theme" in stated  # the command has a picture
        for name in self.own:
            setattr(self, name, stated.get(name, getattr(type(self), name).default))


def command(
    *groups: type[Group],
    examples: tuple[str, ...],
    formats: tuple[str, ...] = (),
    without: str = "",
    **changed: Mapping[str, Any],
) -> Callable[[C], C]:
    """Declare a function a command, with the options of groups.

    `formats`: all that it writes, the default first, where it does not write documents; `without`: options that it does
    not take; `changed`: other fields of options. Raises RuralForecastError for fewer than three examples.
    """

    def declared(function: C) -> C:
        if len(examples) < 3:
            raise RuralForecastError(
                f"The command '{function.__name__}' has {len(examples)} examples.",
                "Give three; the help shows them, and a test runs them.",
            )
        taken = dict.fromkeys(name for each in groups for name in each.own if name not in without.split())
        vars(function).update(taken=taken, formats=formats, examples=examples, changed=changed)
        return function

    return declared


def flattened(function: Any) -> Any:
    """Give Typer the function of a command with its own options and those of its groups.

    The result has `examples`, and `brief`: the parameters that the short help lists, the command's own first.
    """
    hints = get_type_hints(function)
    own = {name: (hints[name], one.default) for name, one in signature(function).parameters.items() if name != "ask"}
    flat = own | {name: _shared(function, hints["ask"], name) for name in function.taken if name not in own}
    options = {name: option for name, (_, option) in flat.items() if _is_option(option)}
    for option in options.values():
        option.rich_help_panel = option.rich_help_panel or "Question"
    source = next((name for name in SOURCES if name in flat), "")

    @wraps(function)
    def call(**arguments: Any) -> None:
        typed = {name: given for name, given in arguments.items() if given != flat[name][1].default}
        form = formats.BY_NAME[streams.format_of(arguments.get("format"), arguments.get("output"), function.formats)]
        main = arguments.get(source)
        kinds = kinds_of(main) if source else frozenset()
        line = Line(typed, options, form, "chart" in typed or bool(function.formats), kinds)
        variables = []
        for name in [*_set_by_variables(options)]:
            if applies(line, options[name].needs):
                variables.append(options[name].envvar)
            else:
                typed.pop(name, None)
                arguments[name] = options[name].default
        for name in filter(options.__contains__, [*typed]):
            option, named = options[name], long_name(options[name], name)
            if main and option.names_source:
                arguments[name] = _in_file_of(arguments[name], main if isinstance(main, str) else main[0])
            require(line, named, option.needs)
            if option.parse:
                arguments[name] = option.parse(arguments[name], named)
        if "ask" in hints:
            shared = {name: arguments.pop(name) for name in flat.keys() - own.keys()}
            arguments["ask"] = hints["ask"](function.formats, environment.used(variables), **shared)
        function(**arguments)

    briefs = sorted((name for name, option in options.items() if option.brief), key=lambda name: name not in own)
    typed_as = {name: _typed(hint, option) for name, (hint, option) in flat.items()}
    keyword = Parameter.KEYWORD_ONLY
    taken = [Parameter(name, keyword, default=flat[name][1], annotation=hint) for name, hint in typed_as.items()]
    brief = [*briefs[:9], *({"output"} & flat.keys())]
    vars(call).update(__signature__=Signature(taken), brief=brief, examples=function.examples)
    call.__annotations__ = typed_as
    return call


def long_name(option: Any, name: str) -> str:
    """The long name of the option of a parameter."""
    return next((each for each in option.param_decls or () if each[:2] == "--"), f"--{name.replace('_', '-')}")


def _shared(function: Any, group: Any, name: str) -> tuple[Any, Any]:
    """Type and option of a field of a group, as a command has it."""
    hint, option = _hints(group)[name], copy(getattr(group, name))
    changed = function.changed.get(name, {})
    vars(option).update(changed, **({"show_default": changed["left_out"]} if "left_out" in changed else {}))
    if name == "format":
        offered = function.formats or (*formats.FORMATS, *(formats.PICTURES if "theme" in function.taken else ()))
        option.help = f"Output format: {', '.join(offered)}."
        option.show_default = next(iter(function.formats), option.show_default)
        hint = Literal[offered] | None
    return hint, option


def _set_by_variables(options: Mapping[str, Any]) -> Iterator[str]:
    """The options whose value is that of their environment variable."""
    context: Any = get_current_context(silent=True)
    for name, option in options.items():
        if option.envvar and context and context.get_parameter_source(name) is ParameterSource.ENVIRONMENT:
            yield name


def _in_file_of(given: Any, main: str) -> Any:
    """A source, or several, that an option names; `::SERIES` is of the file of the main one."""
    return in_file_of(given, main) if isinstance(given, str) else [in_file_of(each, main) for each in given]


def _is_option(default: Any) -> bool:
    return isinstance(default, typer.models.OptionInfo)


@cache
def _hints(group: Any) -> dict[str, Any]:
    return get_type_hints(group)


def _typed(hint: Any, option: Any) -> Any:
    """The type of an option as it is typed."""
    if getattr(option, "parse", None) is None:
        return hint
    return list[str] | None if option.several else str | None
