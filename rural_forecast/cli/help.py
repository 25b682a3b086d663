"""Help without the Python types and nested brackets of Typer's own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from typer.core import TyperCommand, TyperGroup

from rural_forecast.cli import withdrawn
from rural_forecast.errors import UsageError

_LEFT_OUT = re.compile(r"\[default: \((.+)\)(?:; x>=\d+)?\]$")


class Plain:
    """Reads what is plainly valid by itself: importing Typer's validator costs a quarter of a start."""

    def __init__(self, validator: Callable[[], Any]) -> None:
        self._validator = validator

    @classmethod
    def of(cls, params: Iterable[Any]) -> None:
        """Let the parameters of a command be read so."""
        for parameter in params:
            validator = getattr(parameter, "get_runtime_param", None)
            if validator and not isinstance(validator, cls):
                parameter.get_runtime_param = cls(validator)

    def __call__(self) -> Plain:
        """The same, in place of the parameter's own."""
        return self

    def coerce(self, value: Any, param: Any, ctx: Any) -> Any:
        """The value of a parameter. Raises typer.BadParameter if it is not of its type."""
        several = param.multiple or param.nargs == -1
        if value is None:
            return () if several else None
        kind = param.type_descriptor.annotation
        if several and kind == list[str]:
            return list(value)
        if kind is str or (isinstance(kind, type) and isinstance(value, kind)):
            return value
        if (
            kind is int
            and len(value) < 19
            and value.isascii()
            and value.isdigit()
            and not param.type_descriptor.is_ranged
        ):
            return int(value)
        if isinstance(value, str) and value in (param.type_descriptor.choices or ()):
            return value
        return self._validator().coerce(value, param=param, ctx=ctx)


class Group(TyperGroup):
    """A group of commands that suggests the closest name for an unknown one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Parse the options in front of the command."""
        Plain.of(self.get_params(ctx))
        return super().parse_args(ctx, args)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """The command of a name."""
        if not ctx.resilient_parsing:
            withdrawn.require_command([*ctx.command_path.split()[1:], *args])
        if self.get_command(ctx, args[0]) is None and not args[0].startswith("-") and not ctx.resilient_parsing:
            from rural_forecast.cli.usage_errors import no_command

            raise no_command(ctx, args[0], list(self.commands))
        return super().resolve_command(ctx, args)


class Command(TyperCommand):
    """A command that refuses repeated options, and shows arguments and defaults plainly in its help."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Refuse an option given twice that takes one value, and unexpected arguments."""
        ctx.allow_extra_args = True
        Plain.of(self.get_params(ctx))
        if not ctx.resilient_parsing:  # as while a shell completes
            self._require_once(ctx, args)
        left: list[str] = super().parse_args(ctx, args)
        if left and not ctx.resilient_parsing:
            from rural_forecast.cli.usage_errors import unexpected

            raise unexpected(ctx, left)
        return left

    def _require_once(self, ctx: Any, args: list[str]) -> None:
        *_, order = self.make_parser(ctx).parse_args(list(args))
        for parameter, times in Counter(order).items():
            flag = getattr(parameter, "is_flag", False)
            once = parameter.param_type_name == "option" and not parameter.multiple and not flag
            if times > 1 and once:
                raise UsageError(f"{max(parameter.opts, key=len)} is given twice.", "Keep one of the two.")

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The parts of the usage line: `FILE` for what is required, `[SOURCE]` for what is not."""
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the arguments, then the options."""
        sections: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for parameter in self.get_params(ctx):
            kind, record = parameter.param_type_name, parameter.get_help_record(ctx)
            if record is not None:
                name = record[0] if kind == "option" else str(parameter.metavar)
                sections[kind].append((name, _LEFT_OUT.sub(r"[default: \1]", record[1])))
        for kind, rows in sections.items():
            if rows:
                with formatter.section(f"{kind.capitalize()}s"):
                    formatter.write_dl(rows)
