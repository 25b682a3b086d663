"""A sizing model as a TOML file: title, unit, years, stages, drivers, correlations, and what to set it against.

Everything is checked before anything is computed; every refusal names file, line and key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from rural_forecast.errors import UsageError
from rural_forecast.series.reading.files import read_bytes
from rural_forecast.series.source_names import STANDARD_INPUT
from rural_forecast.sizing.correlation import Pair
from rural_forecast.sizing.driver_table import Derived, Driver, read_driver
from rural_forecast.sizing.formulas import Formula, resolve
from rural_forecast.sizing.model_parts import TOP, TopDown, check_name, read_pairs, read_stages, read_top_down
from rural_forecast.sizing.places import Places
from rural_forecast.sizing.series_table import FromSeries, read_unit, text_of
from rural_forecast.sizing.shipped import find, shipped
from rural_forecast.sizing.toml_text import MOST_BYTES, read_toml
from rural_forecast.sizing.units import Unit

MOST_YEARS = 101
MOST_PARTS = 200
"""Drivers, derived ones included; each costs a hundred thousand draws a year."""
_SPAN = re.compile(r"\s*(\d{1,4})\s*\.\.\s*(\d{1,4})\s*", re.ASCII)


class Model(NamedTuple):
    """A sizing model, checked."""

    title: str
    note: str
    unit: Unit
    unit_text: str
    years: tuple[int, ...]
    """Empty where the file gives none."""
    stages: tuple[str, ...]
    """Names, each after those that it uses."""
    titles: Mapping[str, str]
    drivers: tuple[Driver, ...]
    formulas: Mapping[str, Formula]
    """Stages and derived drivers, each after those that it uses."""
    pairs: tuple[Pair, ...]
    top_down: TopDown | None
    places: Places
    text: str


def examples() -> dict[str, FilePath]:
    """The models that ship with the program, by name."""
    return shipped("sizing")


def load(source: str | FilePath) -> Model:
    """Read the model of a path or the name of a shipped one; '-' is standard input.

    Raises
    ------
    UsageError : no model of that name ships
    InputError : the file was not found or is refused
    """
    if str(source) == "-":
        return read(read_bytes("-", first=MOST_BYTES + 1), STANDARD_INPUT, FilePath())
    known = examples()
    see = f"see one with: rural-forecast size {next(iter(known))} --print-model"
    path = find(str(source), known, "model", f"Models that ship: {', '.join(known)}; {see}")
    name = f"{source}.toml" if str(source) in known else str(source)
    data = read_bytes(str(path), first=MOST_BYTES + 1)
    return read(data, name, path.parent)


def read(data: bytes, name: str, folder: FilePath) -> Model:
    """Read a model; `name` is how messages call it, `folder` where the files it names start from.

    Raises
    ------
    InputError : anything about it is wrong, with the place
    """
    content, text = read_toml(data, name)
    places = Places(name, text)
    places.check_keys((), content, TOP, ())
    unit_text = text_of(content, "unit", (), places)
    unit = read_unit(unit_text, (), places)
    drivers, derived = _drivers(content, places, folder)
    stages, titles = read_stages(content, unit_text, places)
    clashes = {one.name for one in stages} & {*(one.name for one in drivers), *(one.name for one in derived)}
    if clashes:
        raise places.refuse(("drivers", min(clashes)), "has the name of a stage", "Give one of the two another name.")
    formulas = resolve([*derived, *stages], {one.name: one.unit for one in drivers}, places)
    ordered = [one.given for one in formulas.values() if one.given in stages]
    return Model(
        title=text_of(content, "title", (), places),
        note=text_of(content, "note", (), places),
        unit=unit,
        unit_text=unit_text,
        years=_years(content.get("years"), places),
        stages=tuple(one.name for one in ordered),
        titles=titles,
        drivers=tuple(drivers),
        formulas=formulas,
        pairs=read_pairs(content.get("correlations", []), drivers, places),
        top_down=read_top_down(content, drivers, ordered, places, folder),
        places=places,
        text=text,
    )


def _drivers(
    content: Mapping[str, Any], places: Places, folder: FilePath
) -> tuple[tuple[Driver, ...], tuple[Derived, ...]]:
    tables = content.get("drivers")
    if not isinstance(tables, dict) or not tables:
        raise places.refuse(("drivers",), "a model needs drivers", "Add a table such as [drivers.users].")
    if len(tables) > MOST_PARTS:
        raise places.refuse(("drivers",), f"a model has at most {MOST_PARTS} drivers", "Join those that go together.")
    drivers: list[Driver] = []
    derived: list[Derived] = []
    for name, table in tables.items():
        check_name(name, ("drivers", name), places)
        one = read_driver(name, table, places, folder, TOP)
        if isinstance(one, Derived):
            derived.append(one)
            continue
        if isinstance(one.value, FromSeries):
            for other in drivers:
                if isinstance(other.value, FromSeries) and other.value.series.id == one.value.series.id:
                    raise places.refuse(
                        ("drivers", name, "series"),
                        f"{one.value.series.id} is the driver {other.name} already",
                        f"Use {other.name} in both places.",
                    )
        drivers.append(one)
    return tuple(drivers), tuple(derived)


def _years(given: Any, places: Places) -> tuple[int, ...]:
    """`2027`, `[2026, 2027]` or `"2026..2030"`."""
    if given is None:
        return ()
    listed = given if isinstance(given, list) else [given]
    if isinstance(given, str) and (match := _SPAN.fullmatch(given)):
        first, last = int(match[1]), int(match[2])
        if last < first:
            raise places.refuse(("years",), f"they end in {last}, before {first}", "Write the earlier year first.")
        listed = list(range(first, min(last, first + MOST_YEARS) + 1))
    for year in listed:
        if isinstance(year, bool) or not isinstance(year, int) or not 1 <= year <= 9999:
            raise places.refuse(("years",), f"{year!r} is no year", 'Write 2027, [2026, 2027] or "2026..2030".')
    if not listed or len(listed) > MOST_YEARS:
        what = "there is no year" if not listed else f"these are more than {MOST_YEARS} years"
        raise places.refuse(("years",), what, 'Write 2027, [2026, 2027] or "2026..2030".')
    return tuple(sorted(set(listed)))


def years_of(model: Model, year: int | None) -> tuple[int, ...]:
    """The years to size: those of the file, up to `year` where it is given.

    Raises
    ------
    UsageError : `year` is no year, or too many years follow from it
    InputError : neither the file nor the option says
    """
    if year is not None and not 1 <= year <= 9999:
        raise UsageError(f"{year} is no year.", "Years go from 1 to 9999.")
    if year is None:
        if not model.years:
            raise model.places.refuse((), "this model has no years", 'Add years = "2026..2028" at the top, or --year.')
        return model.years
    kept = tuple(one for one in model.years if one < year)
    further = range(kept[-1] + 1, year) if kept and year > model.years[-1] else ()
    if len(kept) + len(further) >= MOST_YEARS:
        raise UsageError(f"--year {year} asks for more than {MOST_YEARS} years.", "Ask for an earlier year.")
    return (*kept, *further, year)
