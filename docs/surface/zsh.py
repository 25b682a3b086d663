"""Completion for zsh, by its own `_arguments`."""

from __future__ import annotations

from typing import Any

from docs.surface import offers
from docs.surface.offers import Offer

_SCRIPT = """\
#compdef rural-forecast
# zsh {head}

_rural_forecast_series() {{ # ids and aliases of the catalogue, with their titles
    local -a rows cells found
    local row
    rows=("${{(@f)$(_call_program series ${{(q)program}} series list --format tsv 2>/dev/null)}}")
    for row in ${{rows[2,-1]}}; do
        cells=("${{(@ps:\\t:)row}}")
        found+=("$cells[1]:${{cells[3]//:/\\\\:}}")
        [[ -n $cells[2] ]] && found+=("$cells[2]:${{cells[3]//:/\\\\:}}")
    done
    _describe -t series series found
}}

_rural_forecast_or_file() {{ # names, or files
    _alternative "names:name:($*)" 'files:file:_files'
}}

_rural_forecast_series_or_file() {{
    _alternative 'series:series:_rural_forecast_series' 'files:file:_files'
}}

_rural-forecast() {{
    local curcontext=$curcontext context state state_descr line program=$words[1] command
    local -A opt_args
    local -a commands

    _arguments -s -S -C \\
{root}
        ': :->command' '*:: :->rest' && return
    case $state in
        command)
            commands=(
{commands}
            )
            _describe -t commands command commands
            return ;;
    esac
    command=$line[1]
    case $command in
{groups}
    esac
    case $command in
{arguments}
    esac
}}

if [[ $funcstack[1] == _rural-forecast ]]; then # loaded from a folder of $fpath at the first Tab
    _rural-forecast "$@"
else
    compdef _rural-forecast rural-forecast
fi
"""
_GROUP = """\
        {name})
            _arguments -s -S -C {help} ': :->command' '*:: :->rest' && return
            if [[ $state == command ]]; then
                commands=(
{commands}
                )
                _describe -t commands command commands
                return
            fi
            command="$command $line[1]" ;;"""


def script(spec: dict[str, Any]) -> str:
    """The whole script."""
    top = [(one["name"], one["summary"]) for one in spec["commands"] if one["group"] is None]
    top += [(one["name"], one["summary"]) for one in spec["groups"]]
    values = spec["values"]
    helping = next(one for one in spec["options"] if "--help" in one["names"])
    return _SCRIPT.format(
        head=offers.HEAD,
        root="\n".join(f"        {_option(one, offers.of(one, values))} \\" for one in spec["options"]),
        commands=_described(top, 16),
        groups="\n".join(
            _GROUP.format(
                name=group["name"],
                help=_option(helping, Offer()),
                commands=_described(
                    [
                        (one["name"].split()[1], one["summary"])
                        for one in spec["commands"]
                        if one["group"] == group["name"]
                    ],
                    20,
                ),
            )
            for group in spec["groups"]
        ),
        arguments="\n".join(_command(one, values) for one in spec["commands"]),
    )


def _command(command: dict[str, Any], values: list[dict[str, Any]]) -> str:
    specs = [_option(one, offers.of(one, values)) for one in command["options"]]
    specs += [_argument(one, offers.of(one, values)) for one in command["arguments"]]
    listed = " \\\n                ".join(specs)
    return f"        {_quoted(command['name'])})\n            _arguments -s -S \\\n                {listed} ;;"


def _option(one: dict[str, Any], offer: Offer) -> str:
    names = one["names"]
    again = "*" if one["repeatable"] else f"({' '.join(names)})"
    value = "" if one["flag"] else f":{_plain(one['metavar'])}:{_action(offer)}"
    text = f"[{_plain(one['help'])}]{value}"
    each = names if one["flag"] else [f"{name}=" if name.startswith("--") else f"{name}+" for name in names]
    if len(names) == 1:
        return _quoted(("*" if one["repeatable"] else "") + each[0] + text)
    return f"{_quoted(again)}{{{','.join(each)}}}{_quoted(text)}"


def _argument(one: dict[str, Any], offer: Offer) -> str:
    place = "*" if one["repeatable"] else "" if one["required"] else ":"
    return _quoted(f"{place}:{_plain(one['metavar'])}:{_action(offer)}")


def _action(offer: Offer) -> str:
    """What zsh calls for a value; the space before a call keeps its words as they are, and alone offers nothing."""
    if offer.series:
        return "_rural_forecast_series_or_file" if offer.files else "_rural_forecast_series"
    if offer.files:
        return " ".join(["", "_rural_forecast_or_file", *offer.words]) if offer.words else "_files"
    return f"({' '.join(offer.words)})" if offer.words else " "


def _described(commands: list[tuple[str, str]], indent: int) -> str:
    told = [_quoted(f"{name}:" + summary.replace(":", "\\:")) for name, summary in commands]
    return "\n".join(" " * indent + one for one in told)


def _plain(text: str) -> str:
    """Text inside a specification, where colons and brackets have a meaning."""
    for sign in "\\:[]":
        text = text.replace(sign, f"\\{sign}")
    return text


def _quoted(text: str) -> str:
    inner = text.replace("'", "'\\''")
    return f"'{inner}'"
