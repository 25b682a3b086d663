"""`series list`, `show` and `read`."""

from collections.abc import Iterable, Iterator, Sequence

from rural_forecast.document.table import Cell, Column, Document, Table, Tone
from rural_forecast.forecasting.targets import FARTHEST, LEVEL, Target
from rural_forecast.notes import Note
from rural_forecast.observed.observation import Series
from rural_forecast.observed.preference import by_period, preferred
from rural_forecast.observed.publishers.publisher import Found, Publisher
from rural_forecast.observed.yearly import observed_years
from rural_forecast.text.cells import quoted
from rural_forecast.text.numbers import Amounts, given_places, number, sparkline
from rural_forecast.text.wording import Headline, counted, headline, sentence
from rural_forecast.views.about import documented, observations
from rural_forecast.views.names import title_of
from rural_forecast.views.table import as_given, growth_column, keyed, tabulated

COURSE = 10  # years of a series in the list
_QUALIFIERS = {"=": "", "~": "about ", ">": "more than ", "<": "up to "}


def listing(every: Iterable[Series], words: Sequence[str] = ()) -> Document:
    """List the series whose text holds every word; people see whole years in characters."""
    series = [one for one in every if _holds(one, words)]
    columns = keyed("series_id alias title measure unit first:year last:year n:integer publisher")
    shown = (
        Column("label", "Series"),
        Column("unit", "Unit"),
        Column("years", "Years"),
        Column("course", "Course"),
    )
    summary = "Each: rural-forecast series show NAME. A NAME serves every command as SOURCE."
    if not series:
        summary = "No series holds every word. 'rural-forecast series list' shows all."
    return Document(
        "series list",
        Table(columns, tuple(map(_listed_record, series))),
        f"{len(series)} series of the catalogue",
        summary=(summary,),
        sections=(Table(shown, tuple(map(_listed_row, series))),),
    )


def search_results(publisher: Publisher, sets: Sequence[Found], words: Sequence[str]) -> Document:
    """List the data sets that a search of a publisher found."""
    columns = keyed("series_id alias title measure unit first:year last:year n:integer publisher")
    shown = (Column("name", "Name"), Column("title", "Title"), Column("updated", "Updated"))
    key = f"{publisher.prefix}:{publisher.key}"
    summary = f"A series of one is named {key}, such as {publisher.example}."
    if not sets:
        summary = "Try fewer or other words."
    rows = [
        (one.name, None, one.title, None, one.unit, None, None, None, publisher.name)
        for one in sets
    ]
    return Document(
        "series list",
        Table(columns, tuple(rows)),
        f"{counted(len(sets), 'data set')} of {publisher.name} with {quoted(words)}",
        summary=(summary,),
        sections=(Table(shown, tuple((one.name, one.title, one.updated) for one in sets)),),
    )


def _holds(series: Series, words: Sequence[str]) -> bool:
    """Return True if the text of a series holds every word."""
    text = f"{series.id} {series.alias} {series.title} {series.publisher}".lower()
    return all(word.lower() in text for word in words)


def _first_and_last(series: Series) -> tuple[int | None, int | None]:
    """Give the years of the first and the last period that has a value."""
    years = [period.year for period in by_period(series.observations)]
    return (years[0], years[-1]) if years else (None, None)


def _listed_record(series: Series) -> tuple[Cell, ...]:
    """Make the row of the contract of a series of the list."""
    whole_years = sum(period.is_year for period in by_period(series.observations))
    return (
        series.id,
        series.alias or None,
        series.title,
        series.measure,
        series.unit,
        *_first_and_last(series),
        whole_years,
        series.publisher,
    )


def _listed_row(series: Series) -> tuple[Cell, ...]:
    """Make the row that people see of a series of the list."""
    first, last = _first_and_last(series)
    years = f"{first}–{last}"
    if first is None:
        years = "none"
    elif first == last:
        years = f"{first}"
    values = [observation.value for observation in observed_years(series)]
    return (series.label, series.unit, years, sparkline(values, longest=COURSE))


def everything(series: Series, notes: Sequence[Note] = ()) -> Document:
    """Show every value of a series with its source; the one used for its period is marked."""
    used = set(map(id, preferred(series.observations, series.sources).values()))
    records = _value_records(series, used)
    sections = [_used_values(series, records, used), _all_values(series, records, used)]
    if series.sources:
        sections.append(_sources(series))

    caveat = []
    if series.caveat:
        caveat.append(Note("caveat", f"Caveat: {sentence(series.caveat)}"))
    return documented(
        "series show",
        headline(title_of(series), _claim(series, used), _facts(series)),
        records,
        sections,
        [*series.reading_notes, *notes, *caveat],
        series,
        sentences=[f"Publisher: {series.publisher}" if series.publisher else ""],
        about=(series.definition,),
        brief="-f markdown",
    )


def _value_records(series: Series, used: set[int]) -> Table:
    """Make the rows of the contract: one a value; `used` are the identities of those in use."""
    growth = {rate.period: rate.value for rate in series.growth}
    rows = []
    for observation in series.observations:
        is_used = id(observation) in used
        row = (
            series.id,
            str(observation.period),
            observation.value,
            observation.qualifier,
            observation.status,
            is_used,
            growth.get(observation.period) if is_used else None,
            observation.source or None,
            observation.note or None,
            series.unit,
        )
        rows.append(row)
    columns = (
        Column("series_id"),
        Column("period", "Period"),
        Column("value", "Value", "number"),
        Column("qualifier"),
        Column("status", "Status"),
        Column("used", "Used", "boolean"),
        growth_column("published_growth_pct", "Growth as published"),
        Column("source", "Source"),
        Column("note"),
        Column("unit"),
    )
    return Table(columns, tuple(rows))


def _used_values(series: Series, records: Table, used: set[int]) -> Table:
    """Select what people see first: the values in use that are no forecasts of others."""
    rows = []
    for observation, row in zip(series.observations, records.rows, strict=True):
        if id(observation) in used and observation.status != "forecast":
            rows.append(row)
    values = records._replace(rows=tuple(rows))
    return _for_people(values.without("series_id", "used", "note", "unit"))


def _all_values(series: Series, records: Table, used: set[int]) -> Table:
    """Make the table of every value for people; what is not in use is dim."""
    tones: tuple[Tone, ...] = tuple(
        "plain" if id(observation) in used else "dim" for observation in series.observations
    )
    values = records.without("series_id", "unit")._replace(title="Every value", tones=tones)
    return _for_people(values)


def _for_people(table: Table) -> Table:
    """Give values the digits that were given, and leave out `=`, which people take for granted."""
    rows = [tuple("" if cell == "=" else cell for cell in row) for row in table.rows]
    columns = tuple(
        as_given(column, table.cells(index)) if column.key == "value" else column
        for index, column in enumerate(table.columns)
    )
    return table._replace(columns=columns, rows=tuple(rows))


def _sources(series: Series) -> Table:
    """Tabulate the sources of the values of a series."""
    return tabulated(
        series.sources.values(),
        Column("id", "Source"),
        Column("publisher", "Publisher"),
        Column("title", "Title"),
        Column("dated", "Date"),
        Column("reach", "Read at"),
        Column("url"),
        title="Sources",
    )


def _claim(series: Series, used: set[int]) -> str:
    """Give the last whole year that is in use for the headline, or the number of values."""
    for observation in reversed(observed_years(series)):
        if id(observation) in used:
            write = Amounts(series.unit, given_places(observation.value))
            return f"{write.full(observation.value)} in {observation.period}"
    return counted(len(series.observations), "value")


def _facts(series: Series) -> str:
    """Write id, unit, measure, frequency and breaks in a line."""
    facts = (
        series.id,
        f"Unit: {series.unit}" if series.unit else "",
        f"Measure: {series.measure}",
        series.frequency,
        f"Breaks: {', '.join(map(str, series.breaks))}" if series.breaks else "",
    )
    return " · ".join(filter(None, facts))


def target_sentence(target: Target, unit: str) -> str:
    """Describe a target: its state, the growth it needs, and when the forecast reaches it."""
    plan = target.plan
    amount = f"{_QUALIFIERS[plan.qualifier]}{number(plan.value)}"
    if unit and unit != "count":
        amount += f" {unit}"
    state = f"{target.state}, {_last_known(target)}"
    sentences = [f"Target of {amount} for {plan.period} ({plan.author}): {state}."]
    if target.needed_pct is not None:
        needs = "It needed" if target.due else "It needs"
        pace = f", against {target.pace_pct:+.0f} % achieved" if target.pace_pct is not None else ""
        sentences.append(f"{needs} {target.needed_pct:+.0f} % a year from there{pace}.")

    reach = target.reach
    if reach is not None and reach.year is None:
        sentences.append(f"The forecast does not reach it within {FARTHEST} years.")
    elif reach is not None:
        latest = reach.latest or f"not within {FARTHEST} years"
        interval = f"{LEVEL} %: {reach.earliest} to {latest}"
        sentences.append(f"The forecast reaches it in {reach.year} ({interval}).")
    return " ".join(sentences)


def _last_known(target: Target) -> str:
    """Give the value that reached a target, or the last one."""
    observation = target.reached or target.last
    if observation is None:
        return "no value is known"
    amount = f"{_QUALIFIERS[observation.qualifier]}{number(observation.value)}"
    value = f"{amount} in {observation.period}"
    return value if target.reached else f"last known {value}"


def read(series: Sequence[Series]) -> Document:
    """Show series as rows: one an observation, and one a growth without a level."""
    table = observations(series)
    columns = []
    for column in table.columns:
        title = column.key.removesuffix("_id").removesuffix("_pct").replace("_", " ")
        columns.append(column._replace(title=title.capitalize()))
    return documented(
        "series read",
        Headline(title_of(series[0]) if len(series) == 1 else f"{len(series):,} series"),
        table,
        [table._replace(columns=tuple(columns))],
        reading_notes(series),
        *series,
    )


def reading_notes(series: Iterable[Series]) -> Iterator[Note]:
    """Yield the notes of the reader on all series."""
    for one in series:
        yield from one.reading_notes
