"""The manual page, in the man macros that man-db and mandoc both read."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

SHARED = 3
"""An option that means the same in this many commands is described once."""


def page(spec: dict[str, Any]) -> str:
    """The whole page."""
    program = spec["program"]
    head = _lines(
        [
            r".\" Made from the command surface by `python -m docs.manual`.",
            f'.TH {_text(program.upper())} 1 "" "{program} {spec["version"]}" "User Commands"',
            ".nh",
            ".SH NAME",
            rf"{_text(program)} \- forecast short annual market series",
        ]
    )
    parts = [head, _synopsis(spec), _description(spec), *_commands(spec), _shared(spec)]
    parts += [_formats(spec), _exit_status(spec), _environment(spec), _see_also(spec)]
    return "".join(parts)


def _synopsis(spec: dict[str, Any]) -> str:
    program = _text(spec["program"])
    lines = [
        ".SH SYNOPSIS",
        f".B {program}",
        r"\fICOMMAND\fR [\fIOPTIONS\fR] [\fIARGUMENTS\fR]",
        ".br",
    ]
    flags = [one["names"][0] for one in spec["options"]]
    return _lines([*lines, f".B {program}", *_prose(" | ".join(flags))])


def _description(spec: dict[str, Any]) -> str:
    return _lines([".SH DESCRIPTION", *_prose(spec["summary"]), *_options(spec["options"])])


def _commands(spec: dict[str, Any]) -> Iterator[str]:
    shared = _common(spec)
    program = f"{spec['program']} "
    yield ".SH COMMANDS\n"
    for command in spec["commands"]:
        own = [one for one in command["options"] if _key(one) not in shared]
        others = [one["names"][0] for one in command["options"] if _key(one) in shared]
        yield _lines(
            [
                f".SS {_text(command['usage'].removeprefix(program))}",
                *_prose(command["help"]),
                *_arguments(command["arguments"]),
                *_options(own),
                ".PP",
                *_prose(f"Shared options: {', '.join(others)}."),
                ".PP",
                *_prose(f"Formats: {', '.join(command['formats'])}."),
                *_rows(command["rows"]),
                ".PP",
                "Examples:",
                ".PP",
                ".nf",
                ".RS 4",
                *(_text(line) for line in command["examples"]),
                ".RE",
                ".fi",
            ]
        )


def _rows(rows: list[dict[str, Any]]) -> Iterator[str]:
    for one in rows:
        only = f" with {one['only_with']}" if one["only_with"] else ""
        yield ".PP"
        yield from _prose(f"Columns{only}: {', '.join(one['columns'])}.")


def _common(spec: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Options that mean the same in several commands, in the order of the help."""
    counted: dict[str, list[dict[str, Any]]] = {}
    for command in spec["commands"]:
        for one in command["options"]:
            counted.setdefault(_key(one), []).append(one)
    return {key: each[0] for key, each in counted.items() if len(each) >= SHARED}


def _key(option: dict[str, Any]) -> str:
    return repr(option)


def _shared(spec: dict[str, Any]) -> str:
    return _lines([".SH SHARED OPTIONS", *_options(_common(spec).values())])


def _arguments(arguments: Any) -> Iterator[str]:
    for one in arguments:
        yield ".TP"
        yield rf"\fI{_text(one['metavar'])}\fR" + ("..." if one["repeatable"] else "")
        yield from _prose(_told(one))


def _options(options: Any) -> Iterator[str]:
    for one in options:
        names = ", ".join(rf"\fB{_text(name)}\fR" for name in reversed(one["names"]))
        yield ".TP"
        yield names + ("" if one["flag"] else rf" \fI{_text(one['metavar'])}\fR")
        yield from _prose(_told(one))


def _told(one: dict[str, Any]) -> str:
    """The help, with what is used where it is left out."""
    default = one["left_out"] or ("" if one["default"] in (None, False) else str(one["default"]))
    return str(one["help"]) + (f" Default: {default}." if default else "")


def _formats(spec: dict[str, Any]) -> str:
    lines = [".SH FORMATS"]
    for one in spec["formats"]:
        extra = f"; needs pip install '{spec['program']}[{one['extra']}]'" if one["extra"] else ""
        lines += [
            ".TP",
            rf"\fB{_text(one['name'])}\fR",
            _text(f"Suffix {', '.join(one['suffixes'])}{extra}."),
        ]
    return _lines(lines)


def _exit_status(spec: dict[str, Any]) -> str:
    lines = [".SH EXIT STATUS"]
    for one in spec["exit_codes"]:
        lines += [
            ".TP",
            rf"\fB{one['code']}\fR",
            _text(one["meaning"][0].upper() + one["meaning"][1:] + "."),
        ]
    return _lines(lines)


def _environment(spec: dict[str, Any]) -> str:
    lines = [".SH ENVIRONMENT"]
    for one in spec["environment"]:
        lines += [".TP", rf"\fB{_text(one['name'])}\fR", _text(one["meaning"])]
    return _lines(lines)


def _see_also(spec: dict[str, Any]) -> str:
    program = spec["program"]
    said = (
        f"'{program} COMMAND --help' describes one command, '{program} series list' lists the "
        f"catalogue, and '{program} models' the models."
    )
    return _lines([".SH SEE ALSO", *_prose(said)])


def _lines(lines: list[str]) -> str:
    return "\n".join(lines) + "\n"


def _prose(text: str) -> list[str]:
    """Running text in lines short enough for whoever reads the source."""
    return [_text(line) for line in wrap(text, 64, break_long_words=False, break_on_hyphens=False)]


def _text(text: str) -> str:
    """Text as roff reads it: no sign with a meaning, and hyphens that can be copied."""
    plain = (
        text.replace("\\", r"\(rs").replace("-", r"\-").replace("'", r"\(aq").replace("`", r"\(ga")
    )
    plain = plain.replace("^", r"\(ha").replace("~", r"\(ti")
    return rf"\&{plain}" if plain.startswith(".") else plain
