"""Completion for bash, without the functions of the bash-completion project, so that it works alone too."""

from __future__ import annotations

from typing import Any

from docs.surface import offers
from docs.surface.offers import Offer

_SCRIPT = """\
# bash {head}

_rural_forecast_words() {{ # offer words
    local word
    for word; do [[ $word == "$cur"* ]] && COMPREPLY+=("$word"); done
}}

_rural_forecast_series() {{ # offer ids and aliases of the catalogue
    local name
    while IFS= read -r name; do
        [[ $name ]] && _rural_forecast_words "$name"
    done < <("${{COMP_WORDS[0]/#\\~/$HOME}}" series list --format tsv 2>/dev/null | sed 1d | cut -f 1,2 | tr '\t' '\n')
}}

_rural_forecast_files() {{ # offer files
    local name
    compopt -o filenames 2>/dev/null
    while IFS= read -r name; do COMPREPLY+=("$name"); done < <(compgen -f -- "$cur")
}}

_rural_forecast() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} before=$((COMP_CWORD - 1)) command='' word place
    COMPREPLY=()
    # --format=csv comes as three words
    if [[ $cur == '=' ]]; then
        cur=''
    elif ((before > 1)) && [[ ${{COMP_WORDS[before]}} == '=' ]]; then
        before=$((before - 1))
    fi
    for ((place = 1; place < COMP_CWORD; place++)); do
        word=${{COMP_WORDS[place]}}
        [[ $word == -* ]] && continue
        case "$command $word" in
{commands}
        esac
    done
    case "$command ${{COMP_WORDS[before]}}" in
{values}
    esac
    if [[ $cur == -* ]]; then
        case "$command" in
{options}
        esac
        return
    fi
    case "$command" in
{arguments}
    esac
}}

complete -F _rural_forecast rural-forecast
"""


def script(spec: dict[str, Any]) -> str:
    """The whole script."""
    names = [one["name"] for one in spec["commands"]]
    groups = [one["name"] for one in spec["groups"]]
    typed = [f" {name}" for name in [*groups, *(name for name in names if " " not in name)]]
    typed += [name for name in names if " " in name]
    commands = f"            {_any(typed)}) command=${{command:+$command }}$word ;;"
    top = [name for name in names if " " not in name] + groups
    members = {"": top} | {
        group: [name.split()[1] for name in names if name.startswith(f"{group} ")] for group in groups
    }
    return _SCRIPT.format(
        head=offers.HEAD,
        commands=commands,
        values="\n".join(_values(spec)),
        options="\n".join(_options(spec, members)),
        arguments="\n".join(
            [
                *(
                    f"        {_quoted(name)}) _rural_forecast_words {' '.join(each)} ;;"
                    for name, each in members.items()
                ),
                *_arguments(spec),
            ]
        ),
    )


def _values(spec: dict[str, Any]) -> list[str]:
    """What fits behind each option, places with the same offer together; one pattern where it is so in all commands."""
    found: dict[str, dict[str, Offer | None]] = {}
    for command, option, offer in offers.places(spec):
        for name in option["names"]:
            found.setdefault(name, {})[command] = None if option["flag"] else offer
    places: dict[Offer, list[str]] = {}
    for name, by_command in found.items():
        same = len(set(by_command.values())) == 1
        for command, fits in by_command.items():
            pattern = f"*' {name}'" if same else _quoted(f"{command} {name}")
            if fits is not None and pattern not in places.setdefault(fits, []):
                places[fits].append(pattern)
    return [f"        {' | '.join(each)}) {_action(offer)}return ;;" for offer, each in places.items()]


def _options(spec: dict[str, Any], members: dict[str, list[str]]) -> list[str]:
    own = {"": spec["options"]} | {one["name"]: one["options"] for one in spec["commands"]}
    lines = []
    for command in dict.fromkeys([*members, *own]):
        names = [name for one in own.get(command, []) for name in one["names"]] or ["--help", "-h"]
        lines.append(f"            {_quoted(command)}) _rural_forecast_words {' '.join(names)} ;;")
    return lines


def _arguments(spec: dict[str, Any]) -> list[str]:
    places: dict[Offer, list[str]] = {}
    for command in spec["commands"]:
        for argument in command["arguments"]:
            places.setdefault(offers.of(argument, spec["values"]), []).append(command["name"])
    return [f"        {_any(each)}) {_action(offer)};;" for offer, each in places.items() if any(offer)]


def _action(offer: Offer) -> str:
    words = f"_rural_forecast_words {' '.join(offer.words)}; " if offer.words else ""
    return words + "_rural_forecast_series; " * offer.series + "_rural_forecast_files; " * offer.files


def _any(patterns: list[str]) -> str:
    return " | ".join(map(_quoted, patterns))


def _quoted(text: str) -> str:
    return f"'{text}'"
