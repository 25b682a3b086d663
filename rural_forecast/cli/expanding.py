"""Groups of options in the signature of a command as options of their own, so that Typer sees a flat signature."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection
from copy import copy
from typing import Annotated, Any, Literal, get_type_hints

import typer

from rural_forecast.cli.options import ONE, SEVERAL, Drawing, Reading, Showing, Sources
from rural_forecast.render import formats


def expanded(command: Callable[..., None], only: Collection[str] = (), path: str = "") -> Callable[..., None]:
    """Flatten the groups in a command's signature into options of their own.

    Parameters
    ----------
    only : the formats of a command that does not write documents
    path : the command as it is typed, such as `series check`
    """
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {}
    flat: list[inspect.Parameter] = []
    own = {name for name, hint in hints.items() if not hasattr(hint, "_fields")}
    for parameter in inspect.signature(command).parameters.values():
        hint: Any = hints[parameter.name]
        if hasattr(hint, "_fields"):
            groups[parameter.name] = hint
            fields = get_type_hints(hint, include_extras=True)
            if hint is Showing:
                fields["format"] = _choice(only, drawn=Drawing in hints.values())
            if hint is Reading:
                fields["series"] = SEVERAL if Sources in hints.values() else ONE
            flat += [
                _keyword(name, fields[name], hint._field_defaults[name]) for name in hint._fields if name not in own
            ]
        else:
            flat.append(_keyword(parameter.name, hint, parameter.default))

    defaults = {parameter.name: parameter.default for parameter in flat}
    names = {parameter.name: option_name(parameter) for parameter in flat}

    @functools.wraps(command)
    def call(**arguments: Any) -> None:
        from rural_forecast.cli import applies, destination

        typed = {name: value for name, value in arguments.items() if value != defaults.get(name, value)}
        form = destination.format_of(arguments["format"], arguments["output"], next(iter(only), ""))
        applies.check(applies.Typed(path, typed, form), {name: names[name] for name in typed if names[name]})
        whole = {
            name: group(**{field: arguments.pop(field) for field in group._fields if field not in own})
            for name, group in groups.items()
        }
        command(**arguments, **whole)

    call.__signature__ = inspect.Signature(flat)  # type: ignore[attr-defined] # functions have it, their type has not
    call.__annotations__ = {parameter.name: parameter.annotation for parameter in flat}
    return call


def _choice(only: Collection[str], *, drawn: bool) -> Any:
    """The option `--format` with the formats a command has: its own, or those of documents and maybe of pictures."""
    option = copy(get_type_hints(Showing, include_extras=True)["format"].__metadata__[0])
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
