"""Every hint to an agent is followed as it is written, step by step, until the tool answers."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from rural_forecast.cli.agents.calls import Surroundings, answer
from rural_forecast.cli.agents.schemas import schema_of
from rural_forecast.cli.agents.tools import TOOLS
from rural_forecast.cli.agents.words import as_asked
from rural_forecast.system.extras import data_folder
from tests.cli.test_hints import FILES

MOST = 3  # hints that are followed
MARKET = {"source": "market.csv"}
CALLS: list[tuple[str, dict[str, Any]]] = [
    ("project", {"source": "gap.csv"}),
    ("compare", {"source": "gap.csv"}),
    ("project", {"source": "wide.csv"}),
    ("project", {"source": "nested.csv"}),
    ("project", {"source": "revised.csv"}),
    ("project", {"source": "many.csv"}),
    ("triangulate", {"source": "wide.csv"}),
    ("project", {"source": "market.cvs"}),
    ("project", {"source": "mofcomm"}),
    ("project", {**MARKET, "yaer": 2026}),
    ("project", {**MARKET, "year": "x"}),
    ("project", {**MARKET, "level": 101}),
    ("project", {**MARKET, "level": "x"}),
    ("project", {**MARKET, "target": "x"}),
    ("project", {**MARKET, "horizon": 3, "year": 2030}),
    ("project", {**MARKET, "sheet": "1"}),
    ("project", {**MARKET, "decimal": "x"}),
    ("project", {**MARKET, "measure": "flows"}),
    ("project", {**MARKET, "kind": "adopton"}),
    ("project", {**MARKET, "model": "linaer"}),
    ("project", {**MARKET, "model": ["naive"], "kind": "adoption"}),
    ("project", {**MARKET, "unit": "m"}),
    ("project", {**MARKET, "keep": True, "as_python": True}),
    ("compare", {"source": "mofcom", "values": {"2020": 4, "2021": 5}}),
    ("scenario", MARKET),
    ("scenario", {**MARKET, "growth": "x"}),
    ("scenario", {**MARKET, "override": {"2025": 90}}),
    ("size", {"model": "rural_retailler"}),
]


def stated(hint: str) -> dict[str, Any]:
    """The arguments that a hint gives with their values, the first alternative alone."""
    found = dict[str, Any]()
    hint = re.sub(r", or (?:read|leave) .*", "", hint)
    for name, value in re.findall(
        r"\b([a-z_]+)=(\[[^]]*\]|'[^']*'|[\w.]+?(?=[,;:.]?(?:\s|$)))", hint
    ):
        try:
            read = ast.literal_eval(value)
        except (SyntaxError, ValueError):
            read = {"true": True}.get(value, value)
        found.setdefault(name, read)
    return found


def followed(tool: str, given: dict[str, Any], hint: str) -> dict[str, Any]:
    """The arguments of the call that a hint says to make."""
    meant = re.search(r"(?:Did you mean '?|one that ships: )([\w./-]+?)(?:'?\?|,| or |\.$)", hint)
    if meant:
        names = schema_of(TOOLS[tool], keeps=True)["properties"]
        unknown = [name for name in given if name not in names]
        if unknown:
            return {meant[1] if name in unknown else name: value for name, value in given.items()}
        wrong = next(name for name in ("model", "kind", "source") if name in given)
        return {**given, wrong: meant[1]}
    changed = stated(hint)
    if changed:
        return {**given, **changed}
    left_out = re.search(r"[Ll]eave (\w+) out|[Ll]eave out (\w+)|Give one of (\w+) and", hint)
    if left_out:
        name = next(filter(None, left_out.groups()))
        return {key: value for key, value in given.items() if key != name}
    raise AssertionError(f"The hint {hint!r} says nothing to do.")


@pytest.mark.slow
@pytest.mark.parametrize(("tool", "given"), CALLS, ids=lambda part: json.dumps(part).strip('"'))
def test_a_hint_to_an_agent_leads_to_an_answer(
    tool: str, given: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, text in FILES.items():
        Path(name).write_text(text)
    around = Surroundings([tmp_path, data_folder()], keep=tmp_path / "kept")
    steps = list[str]()
    reply, failed = answer(tool, around, given)
    assert failed
    while failed and len(steps) < MOST:
        error = reply["error"]
        hint = error["hint"]
        steps.append(hint)
        assert not re.search(r"(?<!\w)--[a-z]|rural-forecast", f"{error['message']} {hint}")
        assert {*stated(hint)} <= {*schema_of(TOOLS[tool], keeps=True)["properties"]}
        given = followed(tool, given, hint)
        reply, failed = answer(tool, around, given)
    assert not failed, (steps, reply)


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("Write it as --year 2030.", "Write it as year=2030."),
        ("Write it as --level 50,80,95.", "Write it as level=[50, 80, 95]."),
        ("Write it as --decimal ,.", "Write it as decimal=','."),
        ("--measure flows is not one of flow.", "measure='flows' is not one of flow."),
        ("--horizon contradicts --year.", "horizon contradicts year."),
        ("Leave --sheet out.", "Leave sheet out."),
        ("There is no file 'a--b.csv'.", "There is no file 'a--b.csv'."),
    ],
)
def test_a_sentence_of_the_command_line_names_arguments(typed: str, asked: str) -> None:
    assert as_asked(typed, TOOLS["project"]) == asked
