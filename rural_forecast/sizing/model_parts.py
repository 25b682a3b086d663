"""Parts of a model file beside its drivers: stages, correlations, and the series it is set against."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from rural_forecast.sizing.correlation import ImpossibleError, Pair, groups, matrix
from rural_forecast.sizing.distributions import Point
from rural_forecast.sizing.driver_table import Derived, Driver
from rural_forecast.sizing.expression import FUNCTIONS
from rural_forecast.sizing.formulas import YEAR
from rural_forecast.sizing.places import Path, Places
from rural_forecast.sizing.series_table import FromSeries, read_series, text_of

MOST_STAGES = 50
TOP = ("title", "note", "unit", "years", "formula", "stages", "top_down", "drivers", "correlations")
"""Keys at the top of a model."""
_STAGE = ("formula", "title", "unit", "note")
_TOP_DOWN = ("series", "stage", "series_id", "since", "until", "model")
ONLY_STAGE = "market"
"""Name of the stage of a model with one formula."""
RESERVED = (YEAR, *FUNCTIONS, "result", "top_down", "ratio", "probability_above", "interaction")


class TopDown(NamedTuple):
    """The series whose forecast a stage is set against."""

    value: FromSeries
    stage: str


def check_name(name: str, path: Path, places: Places) -> None:
    """Refuse a name that a formula cannot use or that means something already."""
    if name in RESERVED:
        raise places.refuse(path, f"'{name}' has a meaning of its own", "Give it another name.")
    if not re.fullmatch(r"[^\W\d]\w*", name):
        plain = re.sub(r"\W+", "_", name).strip("_")
        hint = "Names have letters, digits and _." + (f" Write {plain}." if re.match(r"[^\W\d]", plain) else "")
        raise places.refuse(path, f"'{name}' is no name that a formula can use", hint)


def read_stages(content: Mapping[str, Any], unit: str, places: Places) -> tuple[tuple[Derived, ...], dict[str, str]]:
    """The stages with the model's unit where they have none of their own, and their titles."""
    if ("formula" in content) == ("stages" in content):
        both = "has both formula and stages, of which one is enough" if "formula" in content else "has no formula"
        raise places.refuse(
            (),
            f"this model {both}",
            'Add formula = "...", or a table [stages] with one formula a stage, before [drivers].',
        )
    if "formula" in content:
        formula = text_of(content, "formula", (), places)
        return (Derived(ONLY_STAGE, formula, ("formula",), unit),), {}
    tables = content["stages"]
    if isinstance(tables, dict) and len(tables) > MOST_STAGES:
        raise places.refuse(("stages",), f"a model has at most {MOST_STAGES} stages", "Join those that go together.")
    if not isinstance(tables, dict) or not tables:
        raise places.refuse(("stages",), "is no table of formulas", 'Write [stages], then TAM = "users * spending".')
    found, titles = [], {}
    for name, table in tables.items():
        path: Path = ("stages", name)
        check_name(name, path, places)
        if isinstance(table, str):
            found.append(Derived(name, table.strip(), path, unit))
            continue
        if not isinstance(table, dict) or "formula" not in table:
            raise places.refuse(path, "has no formula", f'Write {name} = "users * spending".')
        places.check_keys(path, table, _STAGE, TOP)
        own = text_of(table, "unit", path, places) or unit
        formula, note = (text_of(table, key, path, places) for key in ("formula", "note"))
        found.append(Derived(name, formula, (*path, "formula"), own, note=note))
        titles[name] = text_of(table, "title", path, places)
    return tuple(found), titles


def read_pairs(given: Any, drivers: tuple[Driver, ...], places: Places) -> tuple[Pair, ...]:
    """The correlations, which must be possible together."""
    if not isinstance(given, list):
        raise places.refuse(("correlations",), "is no list", "Write [[correlations]] before each pair.")
    by_name = {one.name: one for one in drivers}
    pairs = [_pair(table, ("correlations", place), by_name, places) for place, table in enumerate(given)]
    known: set[frozenset[str]] = set()
    for place, pair in enumerate(pairs):
        both = frozenset((pair.first, pair.second))
        if both in known:
            raise places.refuse(
                ("correlations", place), f"{pair.first} and {pair.second} are there already", "Keep one of the two."
            )
        known.add(both)
    for group in groups(pairs):
        try:
            matrix(group, pairs)
        except ImpossibleError as error:
            pair = pairs[error.place]
            low, high = error.possible or (-1.0, 1.0)
            possible = f"From {low:.2f} to {high:.2f} they can." if error.possible else "Change another pair as well."
            raise places.refuse(
                ("correlations", error.place),
                f"{pair.first} and {pair.second} cannot correlate at {pair.value:g}, given the other pairs",
                f"{possible} A pair that is not given counts as 0.",
            ) from None
    return tuple(pairs)


def _pair(table: Any, path: Path, by_name: Mapping[str, Driver], places: Places) -> Pair:
    if not isinstance(table, dict):
        raise places.refuse(path, "is no table", 'Write [[correlations]], between = ["a", "b"], value = 0.5.')
    places.check_keys(path, table, ("between", "value", "note"), TOP)
    between, value = table.get("between"), table.get("value")
    if not isinstance(between, list) or len({one for one in between if isinstance(one, str)}) != 2 or len(between) != 2:
        raise places.refuse(path, "needs two different drivers", 'Write between = ["users", "spending"].')
    for name in between:
        if name not in by_name:
            raise places.refuse(
                (*path, "between"),
                f"there is no driver '{name}' with a value of its own",
                f"Drivers are {', '.join(by_name)}.",
            )
        if isinstance(by_name[name].value, Point):
            raise places.refuse(
                (*path, "between"), f"'{name}' is a fixed number, which goes with nothing", "Give it a range."
            )
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1 <= value <= 1:
        raise places.refuse((*path, "value"), f"{value!r} is no correlation", "Write a number from -1 to 1.")
    return Pair(between[0], between[1], float(value), text_of(table, "note", path, places))


def read_top_down(
    content: Mapping[str, Any],
    drivers: tuple[Driver, ...],
    stages: Sequence[Derived],
    places: Places,
    folder: FilePath,
) -> TopDown | None:
    """The series a stage is set against, which no driver may be; None where the model names none."""
    given = content.get("top_down")
    if given is None:
        return None
    path: Path = ("top_down",)
    table = {"series": given} if isinstance(given, str) else given
    if not isinstance(table, dict) or "series" not in table:
        raise places.refuse(path, "names no series", 'Write top_down = "rural_online_retail_mofcom".')
    places.check_keys(path, table, _TOP_DOWN, TOP)
    name = text_of(table, "stage", path, places) or stages[0].name
    stage = next((one for one in stages if one.name == name), None)
    if stage is None:
        raise places.refuse(
            (*path, "stage"), f"there is no stage '{name}'", f"Stages are {', '.join(one.name for one in stages)}."
        )
    value, _, _ = read_series(table, path, places, folder, stage.unit_text)
    for driver in drivers:
        if isinstance(driver.value, FromSeries) and driver.value.series.id == value.series.id:
            raise places.refuse(
                path,
                f"{value.series.id} is also the driver {driver.name}, so the two would go in a circle",
                "Set the model against a series that it does not rest on.",
            )
    return TopDown(value, name)
