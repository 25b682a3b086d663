"""Completion for fish: one line an option, commands with the same option together."""

from __future__ import annotations

from typing import Any

from docs.surface import offers
from docs.surface.offers import Offer

_SCRIPT = """\
# fish {head}

function __rural_forecast_at --description 'Whether one of these commands is being typed'
    set -l command ''
    for word in (commandline -opc)[2..]
        switch "$command $word"
            case {commands}
                set command (string trim -- "$command $word")
        end
    end
    contains -- "$command" $argv
end

function __rural_forecast_series --description 'Ids and aliases of the catalogue, with their titles'
    set -l program (commandline -opc)[1]
    string match -q '~/*' -- $program; and set program (string replace '~' $HOME -- $program)
    for row in ($program series list --format tsv 2>/dev/null)[2..]
        echo $row | read -l -d \\t id alias title rest
        printf '%s\\t%s\\n' $id $title
        test -n "$alias"; and printf '%s\\t%s\\n' $alias $title
    end
end

complete -c rural-forecast -f
{lines}
"""


def script(spec: dict[str, Any]) -> str:
    """The whole script."""
    names = [one["name"] for one in spec["commands"]]
    groups = [one["name"] for one in spec["groups"]]
    typed = [f" {name}" for name in [*groups, *(name for name in names if " " not in name)]]
    typed += [name for name in names if " " in name]
    return _SCRIPT.format(
        head=offers.HEAD,
        commands=" ".join(map(_quoted, typed)),
        lines="\n".join([*_commands(spec), *_arguments(spec), *_options(spec)]),
    )


def _commands(spec: dict[str, Any]) -> list[str]:
    found = [("", one["name"], one["summary"]) for one in spec["commands"] if one["group"] is None]
    found += [("", one["name"], one["summary"]) for one in spec["groups"]]
    found += [(one["group"], one["name"].split()[1], one["summary"]) for one in spec["commands"] if one["group"]]
    return [f"{_at([home])} -a {name} -d {_quoted(summary)}" for home, name, summary in found]


def _arguments(spec: dict[str, Any]) -> list[str]:
    places: dict[str, list[str]] = {}
    for command in spec["commands"]:
        for argument in command["arguments"]:
            told = _given(offers.of(argument, spec["values"]))
            places.setdefault(told, []).append(command["name"])
    return [_at(each) + told for told, each in places.items() if told]


def _options(spec: dict[str, Any]) -> list[str]:
    places: dict[str, list[str]] = {}
    for command, option, offer in offers.places(spec):
        named = "".join(f" -l {name[2:]}" if name.startswith("--") else f" -s {name[1:]}" for name in option["names"])
        value = "" if option["flag"] else (" -r" if offer.files else " -x") + _given(offer)
        places.setdefault(f"{named}{value} -d {_quoted(option['help'])}", []).append(command)
    helping = next(told for told in places if " -l help" in told)
    places[helping] += [group["name"] for group in spec["groups"]]
    return [_at(each) + told for told, each in places.items()]


def _given(offer: Offer) -> str:
    """What is offered: words, the names of the catalogue, files."""
    listed = list(offer.words) + ["(__rural_forecast_series)"] * offer.series
    return (f" -a {_quoted(' '.join(listed))}" if listed else "") + " -F" * offer.files


def _at(commands: list[str]) -> str:
    inner = " ".join(f'"{name}"' for name in commands)
    return f"complete -c rural-forecast -n {_quoted(f'__rural_forecast_at {inner}')}"


def _quoted(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{inner}'"
