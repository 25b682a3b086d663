"""The results of the Python API: what the domain found, with ways to show, draw and write it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Self, get_args, overload

from rural_forecast.api import require_arguments, require_choice
from rural_forecast.document.page import Page
from rural_forecast.document.picture import Look
from rural_forecast.document.table import Kind
from rural_forecast.forecasting import backtest, comparison, precedents, result
from rural_forecast.forecasting.backtest import with_record
from rural_forecast.forecasting.batch.rows import renamed
from rural_forecast.forecasting.forecast import other_basis
from rural_forecast.forecasting.nowcasting import nowcast as nowcasting
from rural_forecast.forecasting.result import with_levels
from rural_forecast.objects import chart
from rural_forecast.objects.chart import A, Chart, Text
from rural_forecast.objects.series import as_series
from rural_forecast.observed import growth
from rural_forecast.observed.reading.memory import kind_of
from rural_forecast.panels import panel
from rural_forecast.question.compare import ComparisonQuestion
from rural_forecast.record import revise as revising
from rural_forecast.record import revision, scored, triangulation
from rural_forecast.record import score as scoring
from rural_forecast.record.kept import Record
from rural_forecast.record.reading import record_of
from rural_forecast.render import formats
from rural_forecast.scenarios import scenario
from rural_forecast.sizing import result as sized
from rural_forecast.text.style import THEMES
from rural_forecast.views import project
from rural_forecast.views.chart import picture as drawn
from rural_forecast.views.exhibit import ExhibitedMarket, page
from rural_forecast.views.precedents import explained

if TYPE_CHECKING:
    import pandas as pd

    from rural_forecast.objects.series import SeriesLike
    from rural_forecast.observed.observation import Series

Names = Literal["tidy", "nixtla"]
Theme = Literal["light", "dark"]
_TYPES: dict[Kind, str] = {
    "text": "str",
    "year": "int64",
    "integer": "Int64",
    "number": "float64",
    "percent": "float64",
    "boolean": "boolean",
}


_CALLERS = {"document": "to_frame", "picture": "plot"}


class Shown:
    """A result that a notebook shows, and that is drawn, written, and made a frame."""

    __slots__ = ()
    _view: ClassVar[str]  # the module of `views` that shows it

    def __init_subclass__(cls, view: str = "") -> None:
        cls._view = view or cls._view

    def _made(self, what: Literal["document", "picture"], **options: Any) -> Any:
        make = getattr(import_module(f"rural_forecast.views.{self._view}"), what)
        require_arguments(_CALLERS[what], make, options)
        return make(self, **options)

    @classmethod
    def of(cls, result: Any) -> Self:
        """The object of a result of the domain.

        Parameters
        ----------
        result : with the fields of this class
        """
        return cls(**{field.name: getattr(result, field.name) for field in fields(result)})

    @overload
    def plot(
        self,
        *,
        ax: None = None,
        title: str | None = None,
        subtitle: str | None = None,
        source: str | None = None,
        notes: Sequence[str] = (),
        log: bool = False,
        theme: Theme = "light",
        ratio: float | None = None,
        pixels: int | None = None,
        **content: Any,
    ) -> Chart: ...
    @overload
    def plot(self, *, ax: A, title: str | None = None, log: bool = False, **content: Any) -> A: ...

    def plot(
        self,
        *,
        ax: A | None = None,
        title: str | None = None,
        subtitle: str | None = None,
        source: str | None = None,
        notes: Sequence[str] = (),
        log: bool = False,
        theme: Theme = "light",
        ratio: float | None = None,
        pixels: int | None = None,
        **content: Any,
    ) -> Chart | A:
        """Draw it: a notebook shows the chart, `save` writes it as svg, png or pdf.

        Parameters
        ----------
        ax : axes of matplotlib to draw on, where it runs over years; they are returned
        title, subtitle, source, notes : texts in place of ours
        log, theme : a logarithmic axis; `light` or `dark`
        ratio, pixels : width over height, as high as it needs where left out; width of a png
        content : of a forecast `targets=[1000]`, values with a line each, and `levels=[50, 80]`,
            the bands that are drawn

        Raises
        ------
        UsageError : the picture is none over years, as `ax` needs
        """
        require_choice("theme", theme, THEMES)
        picture = self._made("picture", **content).dressed(
            name=title,
            subtitle=subtitle,
            source=source,
            notes=notes,
            logarithmic=log,
            look=Look(theme, ratio, pixels),
        )
        return Chart(picture) if ax is None else chart.on_axes(picture, ax)

    def to_frame(self, **options: Any) -> pd.DataFrame:
        """The rows of csv, json and parquet as a frame of pandas.

        Parameters
        ----------
        options : `history=True` adds actual and published rows to a forecast, a nowcast or
            scenarios; `targets=[1000]` gives chances; `detail=True` every forecast of a backtest

        Raises
        ------
        TypeError : it has no such option
        """
        import pandas as pd

        rows = self._made("document", **options).records
        columns = zip(*rows.rows, strict=True) if rows.rows else ((),) * len(rows.columns)
        pairs = zip(rows.columns, columns, strict=True)
        return pd.DataFrame(
            {
                column.key: pd.Series(list(cells), dtype=_TYPES[column.kind])
                for column, cells in pairs
            }
        )

    def to_json(self) -> str:
        """The document that the command writes as json: rows, series, notes, and what gives the
        numbers again.
        """
        return str(formats.render(self._made("document"), "json"))

    def explain(self) -> Text:
        """All that the command prints of it, as text."""
        return Text.of(self._made("document"))

    def _repr_html_(self) -> str:
        return chart.page(self._made("document"), self._made("picture"))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Forecast(Shown, result.Forecast, view="project"):
    """A forecast of one series from its origin to a target year.

    Frozen, with numbers: `years`, `best.values`, `best.lower` and `best.upper` of shape (level,
    year), `levels`, `weights`, `notes`; a notebook shows its sentence, chart and table.

    >>> import rural_forecast as rf
    >>> found = rf.forecast({2014: 180, 2015: 353, 2016: 482}, year=2018)
    >>> found.paths(500).shape
    (500, 2)
    """

    def _made(
        self,
        what: Literal["document", "picture"],
        *,
        levels: Sequence[int] | None = None,
        **options: Any,
    ) -> Any:
        shown = with_record(self)
        if what == "document":
            if levels is not None:
                options["levels"] = levels  # refused: its rows have those that were asked for
            require_arguments("to_frame", project.document, options)
            return project.document(shown, **options)
        require_arguments("plot", drawn, options, "levels")
        return drawn(shown if levels is None else with_levels(shown, levels), **options)

    def _repr_html_(self) -> str:
        return chart.page(self._made("document", brief=True), self._made("picture"))

    def to_frame(self, names: Names = "tidy", **options: Any) -> pd.DataFrame:
        """The rows as a frame of pandas.

        Parameters
        ----------
        names : `tidy` for those of csv, json and parquet; `nixtla` for a row a year, columns
            `unique_id`, `ds`, a column a model and its bounds as `consensus-lo-80` and
            `consensus-hi-80`
        options : `history=True` adds actual and published rows, `targets=[1000]` gives chances in
            their place
        """
        require_choice("names", names, get_args(Names))
        frame = Shown.to_frame(self, **options)
        return frame if names == "tidy" else renamed(frame, names, self.levels, {})

    def explain(self) -> Text:
        """Why: weights, what similar series did next, the record on such series, and every note, as
        text.
        """
        asked = other_basis(with_record(self))
        return Text.of(explained(project.document(asked), asked))

    @property
    def record(self) -> Record:
        """It as a record that was kept, for `score` and `revise`."""
        return record_of(self.to_json(), f"the forecast of {self.history.series.id}")

    def score(self, actual: SeriesLike | None = None) -> Scores:
        """Score it against what came.

        Parameters
        ----------
        actual : what came, or whatever makes a series of it; left out, the later values of its own
            series, or where there are none the catalogue

        Raises
        ------
        InputError : another definition or unit is meant, or nothing has come yet
        """
        if actual is not None:
            came: Series | None = as_series(actual)
        else:
            came = self.history.series if self.later else None
        return Scores.of(scoring.score(self.record, actuals=came))

    def revise(self, other: Forecast | SeriesLike, *, year: int | None = None) -> Revision:
        """Explain why the answer for a year moved from this forecast to a newer one, step by step.

        Parameters
        ----------
        other : a newer forecast, or newer data of the series
        year : the year of the answer; left out, the last one that both forecast

        Raises
        ------
        InputError : the units or definitions differ, or a model of your own would have to be redone
        UsageError : the year is in one of the two alone, or has come; the newer data end earlier
        """
        new = other.record if isinstance(other, Forecast) else as_series(other)
        return Revision.of(revising.revise(self.record, new, year=year))

    def exhibit(
        self,
        path: str | PathLike[str],
        *,
        appendix: bool = False,
        title: str | None = None,
        author: str | None = None,
        date: str | None = None,
    ) -> Path:
        """Write one page for a client as html, pdf, png or pptx, by the suffix.

        A file of that name is replaced.

        Parameters
        ----------
        path : of the file, which ends in .html, .pdf, .png or .pptx
        appendix : add the models, the evidence, every value and the method, in html and pdf
        title, author, date : words at the head of the page

        Raises
        ------
        UsageError : another suffix, or an extra is missing
        OutputError : the file cannot be written
        """

        def drawn() -> Page:
            asked = self.question.of(ComparisonQuestion, models=(), opinions=appendix)
            compared = comparison.compare(self.history.series, asked)
            main = {path.model for path in self.main}
            others = tuple(path for path in compared.forecast.others if path.model not in main)
            of_one = ExhibitedMarket(with_record(replace(self, others=others)), compared)
            return page([of_one], appendix=appendix, title=title, author=author, date=date)

        return chart.saved(path, drawn, "a page", ("html", "pdf", "png", "pptx"))


class Comparison(Shown, comparison.Comparison, view="compare"):
    """Every model for one target year.

    >>> import rural_forecast as rf
    >>> rf.compare({2014: 180, 2015: 353, 2016: 482}, opinions=False).lines[0].given.model
    'consensus'
    """


class Backtest(Shown, backtest.Backtest, view="backtest"):
    """All trials of a series and their scores.

    >>> import rural_forecast as rf
    >>> result = rf.backtest({2014: 180, 2015: 353, 2016: 482, 2017: 590}, models=["naive"])
    >>> sorted({trial.model for trial in result.trials})
    ['consensus', 'naive']
    """


class Growth(Shown, growth.Growth, view="growth"):
    """The growth of several series, side by side.

    >>> import rural_forecast as rf
    >>> rf.growth({2014: 180, 2015: 353, 2016: 482}).years
    (2014, 2015, 2016)
    """


class Nowcast(Shown, nowcasting.Nowcast, view="nowcast"):
    """A year of which some parts are known.

    >>> import rural_forecast as rf
    >>> result = rf.nowcast("mofcom", year=2017, until=2016, partial=["2017H1=537.62:38.1"])
    >>> result.lower[0] < result.value < result.upper[0]  # of the first of `levels`
    True
    """


class Precedents(Shown, precedents.Precedents, view="precedents"):
    """The real histories most like a series, and what they did next.

    >>> import rural_forecast as rf
    >>> len(rf.precedents({2014: 180, 2015: 353, 2016: 482}, count=3).nearest)
    3
    """


class Scenarios(Shown, scenario.Scenarios, view="scenario"):
    """Scenarios next to the forecast.

    >>> import rural_forecast as rf
    >>> result = rf.scenario({2014: 180, 2015: 353, 2016: 482}, rf.Scenario("slow", growth=5))
    >>> result.outcomes[0].scenario.name
    'slow'
    """


class PanelForecast(Shown, panel.PanelForecast, view="panel"):
    """The parts of a whole, adding up.

    Arrays have the shape (node, year), bounds (level, node, year).

    >>> import pandas as pd
    >>> import rural_forecast as rf
    >>> data = {"year": range(2010, 2015), "x / a": range(10, 15), "x / b": range(20, 25)}
    >>> result = rf.panel(pd.DataFrame(data).melt("year", var_name="id"), horizon=1)
    >>> result.values.shape, result.lower.shape
    ((3, 1), (2, 3, 1))
    """


class Sizing(Shown, sized.Sizing, view="size"):
    """A market from its drivers.

    >>> import rural_forecast as rf
    >>> rf.size("rural_online_retail", year=2026).stages[0].unit
    'bn CNY'
    """


class Scores(Shown, scored.Scores, view="score"):
    """Kept forecasts against what came.

    >>> import rural_forecast as rf
    >>> rf.forecast("mofcom", until=2022, year=2024).score().rows[0].period
    2023
    """


class Revision(Shown, revision.Revision, view="revise"):
    """Why an answer moved, step by step.

    >>> import rural_forecast as rf
    >>> early, late = (rf.forecast("mofcom", until=last, year=2026) for last in (2021, 2023))
    >>> early.revise(late).steps[0].name
    'kept'
    """


class Triangulation(Shown, triangulation.Triangulation, view="triangulate"):
    """All arguments for a year, and one answer.

    >>> import rural_forecast as rf
    >>> rf.triangulate({2014: 180, 2015: 353, 2016: 482}, year=2018).together.name
    'together'
    """

    def explain(self) -> Text:
        """All that the command prints of it, with the arithmetic of the answer, as text."""
        return Text.of(self._made("document", arithmetic=True))


def to_frame(result: Any, **options: Any) -> pd.DataFrame:
    """The rows of a result: those of csv, ndjson, parquet and json, with the same columns.

    Parameters
    ----------
    result : what a function of this package gave; `batch` and `forecast_frame` give frames already
    options : `history=True` adds actual and published rows to a forecast, a nowcast or scenarios;
        `targets=[1000]` gives the chance of a forecast to reach each by each year; `detail=True`
        every forecast of a backtest

    Returns
    -------
    A pandas DataFrame whose types do not depend on the data

    Raises
    ------
    TypeError : it is no such result, or has no such option

    >>> import rural_forecast as rf
    >>> frame = rf.to_frame(rf.forecast("turnover", year=2018))
    >>> frame[["period", "model", "unit"]].values.tolist()
    [[2017, 'consensus', 'bn CNY'], [2018, 'consensus', 'bn CNY']]
    """
    if isinstance(result, Shown):
        return result.to_frame(**options)
    raise TypeError(
        f"A result, such as a Forecast, is wanted, not a {kind_of(result)}; "
        "batch gives frames already."
    )
