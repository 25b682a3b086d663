"""Choosing the series of a panel: by a label in any column, by `COLUMN=VALUE`, by the head of a column of values.

Columns that say one thing all along, codes beside their labels and columns of remarks need no choice. What still varies
is named in the refusal, with the option to type.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.period import Period
from rural_forecast.series.reading.cells import STATUSES
from rural_forecast.series.reading.column_names import GENERIC_VALUES, ID_NAMES, OTHER_NAMES, VALUE_NAMES, normalised
from rural_forecast.series.reading.columns import fits
from rural_forecast.series.reading.find import Panel
from rural_forecast.series.reading.flags import is_flag
from rural_forecast.series.reading.grid import is_empty, label, listed, shown
from rural_forecast.series.reading.number_forms import is_missing, is_number
from rural_forecast.series.reading.options import ReadOptions

_REMARKS = re.compile(
    r"(?i)(?:^|[\W_])(?:flags?|status|statut|attribut\w*|atrybut|notes?|comments?|remarks?|footnotes?|symbols?|confidentiality|"
    r"obs_?flag|obs_?status|description|last.?updated?|updated|decimals?|scalar_id|terminated)(?:$|[\W_])|标记|备注"
)
"""Names of columns that say something of a value, and tell no series apart."""
_SOURCES = re.compile(r"(?i)(?:data )?sources?(?: notes?)?|来源|数据来源")
_VALUES = GENERIC_VALUES | frozenset(
    [
        "obs_value",
        "valeur",
        "wert",
        "valor",
        "wartosc",
        "wartość",
        "waarde",
        "valore",
        "arvo",
        "varde",
        "dato",
        "data_value",
        "observation_value",
        "값",
        "値",
    ]
)
_CODES = re.compile(
    r"(?i)(?:^|[\W_])(?:code|kod|id|iso\d?|m49|no|nr|cd|vector|coordinate|dguid|dim_?id)(?:$|[\W_])|代码"
)
MOST_VALUES = 6


class Column(NamedTuple):
    """A column of labels."""

    name: str
    of: Callable[[int], str]
    """The label of a row."""


class Choice(NamedTuple):
    """The rows and the columns of values that were chosen, and how its series are called."""

    panel: Panel
    rows: Sequence[int]
    value: int
    """Of years down: the column of values."""
    years: dict[int, object]
    """Of years across: the columns of years."""
    ids: dict[int, str]
    """The series of each row."""
    remarks: Mapping[str, int] = {}
    """Columns that say something of a value, by their role."""
    missing_by_remark: frozenset[int] = frozenset()
    """Rows whose remark says that there is no value."""


class StillVariesError(InputError):
    """Several series are left."""


def choose(panel: Panel, options: ReadOptions, *, several: bool = False) -> Choice:
    """The one series that the options name, or all of them.

    Raises
    ------
    UsageError : no such column or label
    StillVariesError : several series are left, and one is wanted
    """
    return _Chooser(panel, options, several=several).choice()


class _Chooser:
    def __init__(self, panel: Panel, options: ReadOptions, *, several: bool) -> None:
        self.panel = panel
        self.options = options
        self.several = several
        self.rows: list[int] = list(panel.rows)
        self.file = panel.table.file
        cells = panel.table.rows
        places = [
            place
            for place in range(len(panel.names))
            if place != panel.period
            and place not in panel.years
            and any(not is_empty(cells[row][place]) for row in self.rows)
        ]
        self.numbers: list[int] = []
        if not panel.across:
            self.numbers = [place for place in places if self._is_numeric(place)]
        self.roles = self._roles(places)
        remarks = set(self.roles.values())
        self.value = -1
        self.numbers = [place for place in self.numbers if place not in remarks]
        self.labels = [place for place in places if place not in self.numbers and place not in remarks]
        if options.id_column is not None:
            self._take_ids(options.id_column)
        self._settle_codes()
        self.columns = self._label_columns(self.labels)
        self.codes = self._label_columns(list(self.numbers))
        self.measure_names = dict.fromkeys(panel.measures.values())
        self.measure: str | None = None

    # What the columns are

    def _is_numeric(self, place: int) -> bool:
        cells = [self.panel.table.rows[row][place] for row in self.rows]
        filled = [cell for cell in cells if not is_empty(cell) and not is_missing(cell)]
        share = 0.5 if normalised(self.panel.names[place]) in _VALUES else 0.8  # a value may be '<2.5'
        return bool(filled) and sum(map(is_number, filled)) >= share * len(filled)

    def _roles(self, places: Sequence[int]) -> dict[str, int]:
        found: dict[str, int] = {}
        names = [normalised(name) for name in self.panel.names]
        rows = self.panel.table.rows
        for role, known in OTHER_NAMES.items():
            if role in ("kind", "model") or (role in ("growth_pct", "unit") and self.panel.across):
                continue
            fitting = [place for place in places if names[place] in known]
            fitting = [place for place in fitting if fits(role, [rows[row][place] for row in self.rows])]
            if len(fitting) == 1:
                actual = self._status_role(fitting[0]) if role == "status" else role
                found.setdefault(actual, fitting[0])
        for place in places:
            name = self.panel.names[place].replace("_", " ")
            if place not in found.values() and (_REMARKS.search(name) or _SOURCES.fullmatch(name)):
                found[f"remark {place}"] = place
        return found

    def _status_role(self, place: int) -> str:
        """What a column named status holds: our words, the flags of an agency, or something else."""
        texts = {self._text(row, place) for row in self.rows}
        if all(text.lower() in STATUSES for text in texts):
            return "status"
        return "flag" if all(map(is_flag, texts)) else f"remark {place}"

    def _take_ids(self, name: str) -> None:
        """The one column of labels that the user named."""
        places = [place for place, known in enumerate(self.panel.names) if _same(known, name)]
        if len(places) != 1:
            raise UsageError(
                f"{self.file} has {'several columns' if places else 'no column'} {shown(name)} (--id-column)",
                f"Its columns are {listed([known for known in self.panel.names if known])}.",
            )
        self.labels = places
        self.numbers = [place for place in self.numbers if place not in places]

    def _settle_codes(self) -> None:
        """Numbers that are codes of a label or of the period, or count the rows, are no values."""
        if self.panel.across:
            return
        known = [place for place in self.numbers if normalised(self.panel.names[place]) in _VALUES]
        if len(known) == 1 and self.options.value_column is None:
            self.numbers.remove(known[0])
            self.value = known[0]
            twins = self.numbers
        else:
            twins = [place for place in self.numbers if self._is_code(place)]
        for place in twins:
            if place in self.numbers and place != self.value:
                self.numbers = [other for other in self.numbers if other != place]
                if not self._numbers_rows(place):
                    self.labels = sorted([*self.labels, place])

    def _is_code(self, place: int) -> bool:
        name = self.panel.names[place].replace("_", " ")
        if self.options.value_column is not None and _same(self.options.value_column, self.panel.names[place]):
            return False
        if self._numbers_rows(place):
            return True
        if not _CODES.search(name):
            return False
        partners = [*self.labels, self.panel.period]
        return normalised(name) in ID_NAMES or any(self._twins(place, other) for other in partners)

    def _numbers_rows(self, place: int) -> bool:
        """Whether a column does nothing but number the rows, by its name and by its cells."""
        if normalised(self.panel.names[place]) not in {"id", "no", "no.", "nr", "#", "index", "row", "", "序号"}:
            return False
        texts = [self._text(row, place) for row in self.rows]
        numbers = [int(text) for text in texts if text.isdigit() and len(text) < 10]
        first = numbers[0] if numbers else -1
        return first in (0, 1) and numbers == list(range(first, first + len(texts)))

    def _twins(self, one: int, other: int) -> bool:
        pairs = {(self._text(row, one), self._text(row, other)) for row in self.rows}
        return len({first for first, _ in pairs}) == len(pairs) == len({second for _, second in pairs})

    def _text(self, row: int, place: int) -> str:
        return " ".join(label(self.panel.table.rows[row][place]).split())

    def _label_columns(self, places: Iterable[int]) -> list[Column]:
        columns: list[Column] = []
        for place in places:
            columns += self._unpacked(place)
        for name, texts in self.panel.added.items():
            columns.append(Column(name, lambda row, texts=texts: texts.get(row, "")))  # type: ignore[misc]
        return columns

    def _unpacked(self, place: int) -> list[Column]:
        r"""The columns packed into one: `freq,unit,geo\TIME_PERIOD`."""
        name = " ".join(self.panel.names[place].split()) or f"column {place + 1}"
        head = name.partition("\\")[0]
        keys = [key.strip() for key in head.split(",")]
        if "\\" in name and all(keys):
            if len(keys) == 1:
                return [Column(head, lambda row: self._text(row, place))]
            if all(self._text(row, place).count(",") == len(keys) - 1 for row in self.rows):
                return [
                    Column(key, lambda row, at=at: self._text(row, place).split(",")[at].strip())  # type: ignore[misc]
                    for at, key in enumerate(keys)
                ]
        return [Column(name, lambda row: self._text(row, place))]

    # The choice

    def choice(self) -> Choice:
        for condition in self.options.where:
            self._keep_where(condition)
        if self.options.series_id is not None:
            self._keep_series(self.options.series_id)
        self._settle_value()
        self._drop_parts()
        varying = [] if self.several and self._is_one() else self._varying()
        if varying and not self.several:
            raise self._still_varies(varying)
        for column in varying:
            self._require_labels(column)
        if self.panel.across and not self.several and len(self.rows) > 1:
            raise self._still_varies([])
        years = {
            column: cell
            for column, cell in self.panel.years.items()
            if self.measure is None or self.panel.measures[column] == self.measure
        }
        return Choice(
            self.panel,
            self.rows,
            self.value,
            years,
            self._ids(varying),
            {role: place for role, place in self.roles.items() if not role.startswith("remark")},
            self._missing_rows(),
        )

    def _is_one(self) -> bool:
        """Whether each period stands once: the rows are one series, whatever else they say."""
        if self.panel.across:
            return False
        periods = [head.day or head.period for row in self.rows if (head := self.panel.loose(row)) is not None]
        return len(set(periods)) == len(periods)

    def _require_labels(self, column: Column) -> None:
        """Refuse rows that do not say which series they are of."""
        row = next((row for row in self.rows if not column.of(row)), None)
        if row is not None and len({other.of(row) for other in self.columns if other.of(row)}) == 0:
            problem = f"column {shown(column.name)} is empty where the label of a series must be"
            raise InputError.at(self.panel.table.place(row, 0), problem, "Give every row its label.")

    def _missing_rows(self) -> frozenset[int]:
        """Rows whose attribute says `z`, not applicable, or the like."""
        places = [place for role, place in self.roles.items() if role.startswith("remark") or role == "flag"]
        return frozenset(
            row
            for row in self.rows
            if any(self._text(row, place).casefold() in ("z", "m", "o", "..", ":") for place in places)
        )

    def _keep_where(self, condition: str) -> None:
        name, sign, wanted = condition.partition("=")
        if not sign or not name.strip():
            raise UsageError(f"--where {shown(condition)} is not COLUMN=VALUE", "Write it as --where 'Country=Kenya'.")
        columns = [*self.columns, *self.codes, *self._label_columns_of_remarks()]
        for known in columns:  # a name may have a = in it
            if condition.startswith(f"{known.name}=") and len(known.name) > len(name):
                name, wanted = known.name, condition[len(known.name) + 1 :]
        chosen = [column for column in columns if column.name == name.strip()] or [
            column for column in columns if _same(column.name, name)
        ]
        if not chosen:
            raise UsageError(
                f"{self.file} has no column of labels {shown(name.strip())} (--where)",
                f"Its columns are {listed([column.name for column in columns if column.name], 20)}.",
            )
        self.rows = self._matching(chosen[0], wanted)

    def _label_columns_of_remarks(self) -> list[Column]:
        return self._label_columns(self.roles.values())

    def _matching(self, column: Column, wanted: str) -> list[int]:
        wanted = " ".join(wanted.split())
        rows = [row for row in self.rows if column.of(row) == wanted]
        rows = rows or [row for row in self.rows if column.of(row).casefold() == wanted.casefold()]
        if rows:
            return rows
        there = list(dict.fromkeys(column.of(row) for row in self.rows))
        raise UsageError(f"{self.file} has no {shown(wanted)} in column {shown(column.name)}", _close(wanted, there))

    def _keep_series(self, text: str) -> None:
        wanted = " ".join(text.split())
        for same in (str.__eq__, _same):
            heads = [place for place in self.numbers if same(" ".join(self.panel.names[place].split()), wanted)]
            measures = [name for name in self.measure_names if same(name, wanted)]
            found: dict[str, tuple[int, ...]] = {}
            for column in self.columns:
                rows = tuple(row for row in self.rows if same(column.of(row), wanted))
                if rows:
                    found[column.name] = rows
            if heads or measures or found:
                self._take(text, heads, measures, found)
                return
        joined = self._joined(wanted)
        if joined:
            self.rows = joined
            return
        there = [*dict.fromkeys(text for column in self.columns for text in map(column.of, self.rows) if text)]
        there += [self.panel.names[place] for place in self.numbers] + list(self.measure_names)
        raise UsageError(f"{self.file} has no series {shown(text)}", _close(wanted, there))

    def _joined(self, wanted: str) -> list[int]:
        """The rows of a series whose id is joined from several labels, as the commands print it."""
        varying = self._varying()
        if not varying:
            return []
        ids = self._ids(varying)
        return [row for row in self.rows if ids.get(row) == wanted]

    def _take(self, text: str, heads: list[int], measures: list[str], found: dict[str, tuple[int, ...]]) -> None:
        kinds = len(set(found.values())) + len(heads) + len(measures)
        if kinds > 1:
            options = [f"--where {_quoted(f'{name}={text}')}" for name in found]
            options += [f"--value-column {_quoted(self.panel.names[place])}" for place in heads]
            options += [f"--value-column {_quoted(name)}" for name in measures]
            unique = list(dict.fromkeys(options))
            if len(unique) == 1:
                what = (
                    f"{len(heads)} columns are named {shown(text)}"
                    if heads
                    else f"{shown(text)} stands in several places"
                )
                raise StillVariesError(f"In {self.panel.where}, {what}", "Rename all but one of them.")
            raise StillVariesError(
                f"In {self.panel.where}, {shown(text)} stands in several columns", f"Choose one: {' or '.join(unique)}."
            )
        if heads:
            self.value = heads[0]
        elif measures:
            self.measure = measures[0]
        else:
            self.rows = list(next(iter(found.values())))

    def _settle_value(self) -> None:
        asked = self.options.value_column
        if self.panel.across:
            self._settle_measure(asked)
            return
        if asked is not None:
            places = [place for place in self._all_numbers() if self.panel.names[place] == asked]
            places = places or [place for place in self._all_numbers() if _same(self.panel.names[place], asked)]
            if len(places) != 1:
                many = "several columns" if places else "no column"
                raise UsageError(
                    f"{self.file} has {many} {shown(asked)} (--value-column)",
                    f"Its columns are {listed([self.panel.names[place] for place in self._all_numbers()], 20)}.",
                )
            self.value = places[0]
        if self.value >= 0:
            return
        there = [
            place for place in self.numbers if any(is_number(self.panel.table.rows[row][place]) for row in self.rows)
        ]
        known = [place for place in there if normalised(self.panel.names[place]) in VALUE_NAMES]
        if len(there) == 1 or len(known) == 1:
            self.value = (known or there)[0]
            return
        if not there:
            raise InputError(f"{self.panel.where}: no column holds numbers", "Name it with --value-column.")
        names = [self.panel.names[place] or f"column {place + 1}" for place in there]
        raise StillVariesError(
            f"{self.panel.where}: several columns could hold the value: {listed(names, 20)}",
            f"Choose one with --value-column, such as --value-column {_quoted(names[0])}.",
        )

    def _all_numbers(self) -> list[int]:
        return [
            place for place in range(len(self.panel.names)) if place != self.panel.period and self._is_numeric(place)
        ]

    def _settle_measure(self, asked: str | None) -> None:
        known = list(self.measure_names)
        if asked is not None:
            if self.panel.period < 0 and not known:
                raise UsageError(
                    f"{self.file} has no column {shown(asked)} (--value-column)",
                    "Its years run across, so a row is a series: choose one with --series or --where.",
                )
            chosen = [name for name in known if name == asked] or [name for name in known if _same(name, asked)]
            if not chosen:
                raise UsageError(
                    f"{self.file} has no column {shown(asked)} (--value-column)", f"It measures {listed(known, 20)}."
                )
            self.measure = chosen[0]
        if self.measure is None and len(known) > 1:
            raise StillVariesError(
                f"{self.panel.where}: each year stands several times, for {listed(known, 20)}",
                f"Choose one with --value-column, such as --value-column {_quoted(known[0])}.",
            )
        years = [self.panel.periods[cell].period for cell in self.panel.years.values()]
        if not known and len(set(years)) < len(years):
            twice = next(year for year in years if years.count(year) > 1)
            columns = [column for column, cell in self.panel.years.items() if self.panel.periods[cell].period == twice]
            raise InputError.at(
                self.panel.table.place(self.panel.header, columns[1]),
                f"{twice} stands in the header a second time; the first is at "
                f"{self.panel.table.place(self.panel.header, columns[0])}",
                "Keep the columns of one measure, or write its name above each.",
            )

    # What is left

    def _drop_parts(self) -> None:
        """Leave quarters and months out where their year stands beside them."""
        if self.panel.across:
            return
        known = {row: head.period for row in self.rows if (head := self.panel.loose(row)) is not None}
        years = {period.year for row, period in known.items() if period.is_year}
        self.rows = [row for row in self.rows if row not in known or known[row].is_year or known[row].year not in years]

    def _varying(self) -> list[Column]:
        """The columns whose labels differ among the rows left, without twins and without codes of the period."""
        found: list[Column] = []
        seen: list[tuple[str, ...]] = []
        columns = self.columns
        for column in columns:
            texts = tuple(column.of(row) for row in self.rows)
            distinct = set(texts)
            if len(distinct) < 2:
                continue
            if self._follows_period(texts):
                continue
            twin = next((place for place, other in enumerate(seen) if _one_to_one(texts, other)), None)
            if twin is not None:
                if len("".join(texts)) > len("".join(seen[twin])) and not _CODES.search(column.name):
                    found[twin], seen[twin] = column, texts
                continue
            found.append(column)
            seen.append(texts)
        return [column for place, column in enumerate(found) if not self._is_finer(place, seen)]

    def _is_finer(self, place: int, seen: list[tuple[str, ...]]) -> bool:
        """Whether a column follows from another one, such as a region from its country."""
        texts = seen[place]
        for other, found in enumerate(seen):
            if (
                other != place
                and len(set(found)) > len(set(texts))
                and len(set(zip(found, texts, strict=True))) == len(set(found))
            ):
                return True
        return False

    def _follows_period(self, texts: tuple[str, ...]) -> bool:
        """Whether a column is the code of the period, or says how long it is."""
        if self.panel.across:
            return False
        periods = [loose.period if (loose := self.panel.loose(row)) else Period(1) for row in self.rows]
        lengths = tuple(str(period.length) for period in periods)
        if len(set(lengths)) > 1 and _one_to_one(texts, lengths):
            return True
        if not _one_to_one(texts, tuple(map(str, periods))):
            return False
        digits = ["".join(filter(str.isdigit, label(self.panel.head(row)))) for row in self.rows]
        return all(
            str(period.year) in text or text.strip() == written
            for period, text, written in zip(periods, texts, digits, strict=True)
        )

    def _ids(self, varying: Sequence[Column]) -> dict[int, str]:
        """The id of each row: what tells it apart, or what was asked for, or what its labels say."""
        if varying:
            return {
                row: " / ".join(text for column in varying if (text := column.of(row))) or "series" for row in self.rows
            }
        name = self.options.series_id or self._own_name()
        return dict.fromkeys(self.rows, name)

    def _own_name(self) -> str:
        """What the one series is called: what was chosen by, or its labels, or the head of its values."""
        if not self.rows:
            return ""
        chosen = [condition.partition("=")[2].strip() for condition in self.options.where]
        if self.measure:
            chosen.append(self.measure)
        elif self.options.value_column:
            chosen.append(self.options.value_column)
        if chosen:
            return " / ".join(chosen)
        if not self.panel.across and self.value >= 0:
            head = " ".join(self.panel.names[self.value].split())
            if head and normalised(head) not in _VALUES:
                return head
        first = next((column.of(self.rows[0]) for column in self.columns if column.of(self.rows[0])), "")
        return first if self.panel.across else ""

    def _still_varies(self, varying: Sequence[Column]) -> StillVariesError:
        ids = set(self._ids(varying).values())
        if not varying:
            places = [str(self.panel.table.place(row, 0)) for row in self.rows]
            return StillVariesError(
                f"{self.file} has {len(self.rows)} rows with these labels, at {listed(places)}",
                "Take out all but one, or tell them apart in a column.",
            )
        ordered = sorted(varying, key=lambda column: self._usefulness(column))
        said = []
        for column in ordered:
            values = list(dict.fromkeys(column.of(row) for row in self.rows))
            said.append(f"{shown(column.name)} ({listed(values, MOST_VALUES)})")
        first = ordered[0]
        example = min((text for text in map(first.of, self.rows) if text), key=len, default="")
        option = f"--where {_quoted(f'{first.name}={example}')}"
        hint = f"Choose with --where for each, such as {option}."
        if len(ordered) == 1:
            hint = f"Choose one with --series TEXT, such as --series {_quoted(example)}, or with {option}."
        return StillVariesError(
            f"{self.file} holds {len(ids):,} series, and one is wanted; what varies: {'; '.join(said)}", hint
        )

    def _usefulness(self, column: Column) -> tuple[int, int]:
        """Columns that leave the fewest rows for a value come first."""
        texts = [column.of(row) for row in self.rows]
        return -len(set(texts)), len(texts)


def _one_to_one(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    pairs = set(zip(one, other, strict=True))
    return len({first for first, _ in pairs}) == len(pairs) == len({second for _, second in pairs})


def _same(one: str, other: str) -> bool:
    """Whether two names are the same in any case and with any spaces."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _quoted(text: str) -> str:
    from shlex import quote

    return quote(text)


def _close(wanted: str, names: Sequence[str]) -> str:
    from difflib import get_close_matches

    names = list(dict.fromkeys(name for name in names if name))
    holding = [name for name in names if wanted.casefold() in name.casefold()]
    close = holding[:3] or get_close_matches(wanted, names, 1)
    return f"Did you mean {listed(close)}?" if close else f"It has {listed(names)}."
