"""What tells the rows of a panel apart, and how to ask for one of the series that are left."""

from __future__ import annotations

from collections.abc import Sequence

from rural_forecast.errors import InputError
from rural_forecast.errors import option as typed
from rural_forecast.series.period import Period
from rural_forecast.series.reading.grid import label, listed, shown
from rural_forecast.series.reading.labels import CODES, Column, one_to_one
from rural_forecast.series.reading.panel import Panel

MOST_VALUES = 6


class StillVariesError(InputError):
    """Several series are left."""

    code = "choice_needed"


def varying(panel: Panel, columns: Sequence[Column], rows: Sequence[int]) -> list[Column]:
    """The fewest columns whose labels distinguish the series of some rows, in the order of the file."""
    found: list[Column] = []
    texts: list[list[str]] = []
    for column in columns:
        said = [column.of(row) for row in rows]
        if len(set(said)) < 2 or _follows_period(panel, rows, said) or _is_of_period(panel, column):
            continue
        twin = next((place for place, other in enumerate(texts) if one_to_one(said, other)), None)
        if twin is None:
            found.append(column)
            texts.append(said)
        elif len("".join(said)) > len("".join(texts[twin])) and not CODES.search(column.name):
            found[twin], texts[twin] = column, said
    kept = dict(zip(found, texts, strict=True))
    periods = [str(panel.loose(row)) for row in rows] if not panel.across else [""] * len(rows)
    for column in sorted(kept, key=lambda column: not CODES.search(column.name)):  # codes go before their labels
        said = kept.pop(column)
        rest = list(kept.values())
        gappy = "" in said and len(set(zip(periods, *rest, strict=True))) == len(rows)
        code = CODES.search(column.name) and len(set(zip(*rest))) == len(set(zip(said, *rest, strict=True)))  # noqa: B905
        if not (rest and (gappy or code or any(_follows(said, other) for other in rest))):
            kept[column] = said
    return [column for column in found if column in kept]


def _follows(texts: Sequence[str], other: Sequence[str]) -> bool:
    """Whether labels follow from those of another column that has more, such as a region from its country."""
    finer = set(other)
    return len(finer) > len(set(texts)) and len(set(zip(other, texts, strict=True))) == len(finer)


def _follows_period(panel: Panel, rows: Sequence[int], texts: Sequence[str]) -> bool:
    """Whether a column is the code of the period, or says how long it is."""
    if panel.across:
        return False
    periods = [head.period if (head := panel.loose(row)) else Period(1) for row in rows]
    lengths = [str(period.length) for period in periods]
    if len(set(lengths)) > 1 and one_to_one(texts, lengths):
        return True
    if not one_to_one(texts, list(map(str, periods))):
        return False
    digits = ["".join(filter(str.isdigit, label(panel.head(row)))) for row in rows]
    return all(
        str(period.year) in text or text.strip() == written
        for period, text, written in zip(periods, texts, digits, strict=True)
    )


def _is_of_period(panel: Panel, column: Column) -> bool:
    """Whether the labels of all rows, several a period, say no more than their periods: `latest year`, say."""
    if panel.across:
        return False
    pairs = [(str(panel.loose(row)), column.of(row)) for row in panel.rows]
    periods = {period for period, _ in pairs}
    return len(set(pairs)) == len(periods) < len(pairs) / 2 and len(periods) > 1


def ask(
    panel: Panel, columns: Sequence[Column], rows: Sequence[int], count: int, values: Sequence[str] = ()
) -> StillVariesError:
    """The refusal that names what varies, most useful first, and the options that choose one series.

    Parameters
    ----------
    count : number of series
    values : columns of values that are left, or measures
    """
    ordered = sorted(columns, key=lambda column: -len({column.of(row) for row in rows}))
    said = [
        f"{shown(column.name)} ({listed(list(dict.fromkeys(map(column.of, rows))), MOST_VALUES)})" for column in ordered
    ]
    example = next((row for row in rows if all(column.of(row) for column in ordered)), rows[0])
    labels = [(column.name, column.of(example)) for column in ordered]
    options = [typed("where", [f"{name}={text}" for name, text in labels])] if labels else []
    if values:
        options.insert(0, typed("value_column", values[0]))
        what = f"several columns could hold the value: {listed(values, 20)}"
        problem = f"{panel.where}: {what}" + (f"; what varies: {'; '.join(said)}" if said else "")
    else:
        problem = f"{panel.table.file} holds {count:,} series, and one is wanted; what varies: {'; '.join(said)}"
    hint = f"Choose one with {' '.join(options)}, say."
    if len(labels) == 1 and not values:
        hint = f"Choose one with {typed('series_id', labels[0][1])}, say, or with {options[0]}."
    return StillVariesError(problem, hint)
