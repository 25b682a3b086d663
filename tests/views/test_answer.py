"""The answer in one sentence, the evidence behind it, tables and lists, and pictures of real
results.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from math import floor, log10
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.cli.commands.pages import market
from rural_forecast.document.picture import Course, Picture, Ranges
from rural_forecast.document.table import Document, Table
from rural_forecast.forecasting import precedents, registry
from rural_forecast.forecasting.backtest import with_record
from rural_forecast.forecasting.evidence import corpus_record, series_like
from rural_forecast.forecasting.forecast import forecast, past_whole_note
from rural_forecast.forecasting.pool import pooled
from rural_forecast.forecasting.result import Forecast
from rural_forecast.render import formats
from rural_forecast.render.formats import render
from rural_forecast.series.catalogue import load
from rural_forecast.text.numbers import BLOCKS, LONGEST, sparkline
from rural_forecast.views import chart, compare, lookup, size
from rural_forecast.views import growth as growth_view
from rural_forecast.views import nowcast as nowcast_view
from rural_forecast.views.backtest import held
from rural_forecast.views.chart import sources
from rural_forecast.views.exhibit import page
from rural_forecast.views.precedents import explained, record_by_horizon
from rural_forecast.views.project import caution, document, heading, points
from rural_forecast.views.table import row_columns
from tests.conformance.digest import real
from tests.inside import Cli
from tests.series.build import market as market_of
from tests.series.build import seen, series


def made(values: Sequence[float], unit: str = "", **options: int) -> Forecast:
    return forecast(
        market_of("market", values, 2025 - len(values), unit=unit), **{"horizon": 2, **options}
    )


@pytest.mark.slow
def test_every_claim_follows_from_the_rows_of_real_series() -> None:
    """Recompute the claims from the machine rows, by the sentence alone."""
    for values in [values for values in real(1).values() if 3 <= len(values) <= 30][:80]:
        shown = document(made(values, horizon=1 + len(values) % 4), history=True)
        target, *numbers = [
            (int(str(row[1])), *(float(str(cell)) for cell in row[4:7]))
            for row in shown.records.rows
            if row[5]
        ][-1]
        said = " ".join((shown.title, *shown.summary))
        about = re.search(
            r": about (\S+) in (\d+) Four chances in five that it lies between (\S+) and (\S+)\.( |$)",
            said,
        )
        assert about, said
        assert len(shown.title.split()) <= 12
        assert int(about[2]) == target
        for text, number in zip(about.group(1, 3, 4), numbers, strict=True):
            assert float(text.replace(",", "")) == pytest.approx(
                number, abs=0.51 * step_of(*numbers)
            )


def step_of(value: float, low: float, high: float) -> float:
    """Return the step of the headline: two significant digits of a wide range, three of another."""
    wide = (high - low) / 2 > abs(value) / 5
    size = max(abs(value), (high - low) / 6)
    return float(10.0 ** (floor(log10(size)) - (1 if wide else 2)))


def test_a_long_history_shows_its_last_two_years_and_people_see_no_growth_across_zero() -> None:
    result = made([100 + at for at in range(30)])
    shown = document(result, brief=True).sections[0]
    assert [row[0] for row in shown.rows] == [2023, 2024, 2025, 2026]
    assert shown.rows[0][-1] == pytest.approx(100 * (128 / 127 - 1))
    for options in ({"brief": True, "history": True}, {"brief": False}):
        assert len(document(result, **options).sections[0].rows) == 32


def test_a_brief_table_leaves_out_the_notes_and_a_document_does_not() -> None:
    told = document(forecast(rf.read("mofcom"), year=2028, kernels=True), brief=True)
    brief, whole = (str(formats.render(told, name)) for name in ("table", "markdown"))
    assert "More: --explain (3 more notes), --level 95, --all-models" in brief
    assert "Sources differ" not in brief
    assert "Sources differ" in whole
    assert whole.count("Another definition") == 1
    assert points(forecast(rf.read("mofcom"), until=2020))[-1].startswith(
        "The models were trained on data from"
    )
    told = document(made([5, 2, -3], horizon=1))
    assert [row[-1] for row in told.sections[0].rows[:3]] == [None, -60.0, None]
    machine = document(made([5, 2, -3], horizon=1), history=True).records
    assert [row[-2] for row in machine.rows[:3]] == [None, -60.0, -250.0]


@pytest.mark.parametrize(
    ("levels", "named"),
    [((80, 95), 80), ((30, 60, 90), 90), ((50, 80, 95), 80), ((70, 90), 90), ((30,), 30)],
)
def test_the_answer_names_the_level_nearest_to_80(levels: tuple[int, ...], named: int) -> None:
    result = forecast(rf.read("turnover"), year=2018, levels=levels)
    place = levels.index(named)
    low, high = (
        round(float(side[place, -1]), -1) for side in (result.best.lower, result.best.upper)
    )
    chances = {80: "Four chances in five", 90: "Nine chances in ten"}.get(
        named, f"{named} chances in 100"
    )
    assert (
        f"{chances} that it lies between {low:,.0f} and {high:,.0f} bn CNY."
        == heading(result).range
    )


def test_a_record_worse_than_the_last_value_is_said_and_pages_give_no_advice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = forecast(rf.read("turnover"), year=2018)
    assert not caution(result)
    record = corpus_record(result.history.values, "consensus", 2)
    assert record
    worse = record._replace(naive_smape=record.smape - 1)
    monkeypatch.setattr("rural_forecast.views.project.corpus_record", lambda *_: worse)
    assert caution(result).startswith("Caution: ")
    assert caution(result) in document(result).summary
    note = past_whole_note(1.0)
    assert "--measure rate" in str(note)
    assert "--" not in note.without_advice, "readers of a page are not told what to type"


def test_a_simpler_method_that_has_been_closer_is_in_every_view_with_the_numbers_of_the_backtest() -> (
    None
):
    series = rf.read("mofcom")
    scores = {
        score.model: score
        for score in rf.backtest(series, horizon=5, models=["linear"]).scores[::-1]
    }
    linear = scores["linear"]
    ours = scores["consensus"]
    said = f"Linear trend has been closer so far: mean error {linear.smape:.1f} %, ours {ours.smape:.1f} %."
    found = market(series, year=2030, opinions=False)
    assert found.comparison.tested is not None
    for shown in (document(with_record(found.forecast)), compare.document(found.comparison)):
        assert said in map(str, shown.notes)
    short = "A simpler method has been closer so far."  # for readers who need no numbers of it
    (sheet,) = page([found], appendix=False).sheets
    assert short in sheet.risks
    assert short in chart.picture(with_record(found.forecast)).notes


@pytest.mark.parametrize(
    ("outside", "years", "verdict"),
    [(0, 10, "few"), (0, 20, "wide"), (8, 20, "narrow"), (4, 20, "")],
)
def test_a_coverage_is_judged_by_distinct_years(outside: int, years: int, verdict: str) -> None:
    result = rf.backtest(rf.read("mofcom"), horizon=1, models=["naive"])
    (trial, *_) = (trial for trial in result.trials if trial.model == "consensus")
    ends = {"lower": (0.0,) * 7, "upper": (9e9,) * 7}
    trials = [
        trial._replace(origin=year, **(ends if year >= outside else {"lower": (9e9,) * 7}))
        for year in range(years)
    ]
    twice = replace(result, trials=(*trials, *trials))
    said = held(twice)
    assert f"in {years} years" in said
    assert f"{2 * (years - outside)} " in said
    assert said.endswith(
        {"few": ", too few to say more", "": "years"}.get(verdict, f", so it was too {verdict}")
    )


def test_a_screen_shows_the_models_that_matter_or_all_of_them(cli: Cli) -> None:
    def shown(*more: str) -> list[str]:
        lines = cli(
            "compare", "turnover", "--year", "2018", "--format", "table", *more
        ).out.splitlines()
        start = next(place for place, line in enumerate(lines) if line.startswith("Model "))
        known = {"consensus", *registry.names()}
        return [line.split()[0] for line in lines[start + 1 :] if line.partition(" ")[0] in known]

    few = shown()
    every = shown("--all-models")
    assert len(few) < len(every)
    assert {*few, "theta"} <= {*every}


def section(result: Forecast, title: str) -> Table | None:
    """A table of the evidence."""
    return next(
        (t for t in explained(document(result), result).sections if t.title.startswith(title)), None
    )


def test_weights_sum_to_one_and_the_reference_class_is_told_with_its_count() -> None:
    weights = section(rf.forecast("mofcom", year=2030), "Weights")
    assert weights is not None
    for year in range(1, len(weights.columns)):
        assert sum(row[year] for row in weights.rows) == pytest.approx(1)  # type: ignore[misc]
    result = rf.forecast("turnover", year=2018)
    told = explained(document(result), result).notes[0].text
    like = series_like(result.history.values, 2)
    assert like is not None
    assert "growth above 30 % a year" in told
    assert f"{like.next[-1].series:,} series" in told
    table = section(result, "What series like this one")
    assert table is not None
    assert all(list(row[2:7]) == sorted(row[2:7]) for row in table.rows)  # type: ignore[type-var]
    unknown = made([-3, 2, 5, 1])
    assert "it knows nothing" in explained(document(unknown), unknown).notes[0].text


def test_a_picture_and_the_evidence_search_the_histories_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    searched: list[int] = []
    distances = precedents.distances

    def counted(changes: Any, *more: Any) -> Any:
        searched.append(len(changes))
        return distances(changes, *more)

    monkeypatch.setattr(precedents, "distances", counted)
    result = made([3, 5, 9, 14, 23], horizon=1)
    explained(document(result), result)
    chart.picture(result)
    assert searched == [4]


def test_precedents_are_among_the_evidence_of_the_stated_kind_and_a_record_counts_twenty_forecasts() -> (
    None
):
    table = section(rf.forecast("turnover", year=2018, kind="adoption"), "Real histories")
    same = rf.precedents(rf.read("turnover"), year=2018, kind="adoption")
    assert table is not None
    assert [row[0] for row in table.rows[1:]] == [one.name for one in same.nearest]
    assert section(rf.forecast("turnover", horizon=11), "Real histories") is None
    values = np.array([10.0, 12, 15, 17, 20, 22])
    (table,) = record_by_horizon(values, 3, ["consensus", "theta"])
    assert [row[1] for row in table.rows if row[0] == "consensus"] == [1, 2, 3]
    assert all(row[2] >= 20 for row in table.rows)  # type: ignore[operator]
    assert corpus_record(values, "consensus", 11) is None


@pytest.fixture(scope="module")
def founding() -> Forecast:
    return forecast(rf.read("turnover"), year=2018)


def course(picture: Picture) -> Course:
    assert isinstance(picture.plot, Course)
    return picture.plot


def test_definition_unit_and_source_are_told(founding: Forecast) -> None:
    picture = chart.picture(founding)
    assert picture.unit == "bn yuan"
    assert "Spending by rural buyers" in picture.about
    assert "AliResearch" in picture.source
    assert "from 180 in 2014" in picture.alternative
    assert picture.title == "Rural online shopping turnover: about 660 bn yuan in 2018"
    named = picture.dressed(name="农村", subtitle="mine", source="us", notes=("a note",))
    assert named.title == "农村: about 660 bn yuan in 2018"
    assert (named.subtitle, named.source, named.notes[-1]) == ("mine", "us", "a note")
    assert picture.dressed(name="农村", headline="All mine").title == "All mine"


def test_series_of_a_sheet_have_names_of_their_own_and_a_pool_is_drawn_with_ours_alone_next_to_it() -> (
    None
):
    known = {str(2020 + at): 4.0 + at for at in range(3)}
    sheet = [
        series(known, id=name, title="Meals in Europe", file="meals.csv")
        for name in ("Online", "Shops")
    ]
    drawn = chart.several([forecast(one) for one in sheet])
    assert {line.name for line in course(drawn).lines} >= {"Online", "Shops"}
    known = [seen(str(year), 100.0 + 5 * (year - 2012)) for year in range(2012, 2020)]
    other = seen("2020", 160, status="forecast", author="BCG")
    drawn = chart.picture(pooled(forecast(series({}, observations=(*known, other)), year=2021)))
    lines = {line.name: line.xs for line in course(drawn).lines}
    assert lines["forecast"] == lines["ours alone"] == (2019, 2020, 2021)


def test_a_nowcast_shows_the_year_without_and_with_its_part_named_by_its_months() -> None:
    plot = nowcast_view.picture(rf.nowcast(rf.read("mofcom"), year=2017, until=2016)).plot
    assert isinstance(plot, Ranges)
    assert [row.name for row in plot.rows] == ["Whole years alone", "With January to August"]
    assert plot.reference == pytest.approx(1244.88)
    years = {str(year): 100.0 for year in range(2013, 2018)} | {
        f"{year}Q2": 25.0 for year in range(2013, 2019)
    }
    for part, name in (("2018Q1", "With the first half"), ("2018Q3", "With April to September")):
        drawn = nowcast_view.picture(rf.nowcast(series(years | {part: 25.0}), year=2018)).plot
        assert isinstance(drawn, Ranges)
        assert drawn.rows[-1].name == name


def test_a_sizing_shows_the_level_nearest_to_80_everywhere() -> None:
    several_levels, alone = (
        rf.size("rural_retailer", draws=2000, levels=levels) for levels in ((50, 75, 95), (75,))
    )
    documents = [size.document(result) for result in (several_levels, alone)]
    assert documents[0].live == documents[1].live
    tables = [
        [table for table in each.sections if table.columns[0].key == "item"] for each in documents
    ]
    assert tables[0] == tables[1] != []


@pytest.mark.parametrize(
    ("name", "why"), [("villages", "before a gap"), ("users", "on an earlier basis")]
)
def test_points_that_are_not_used_are_drawn_apart_and_say_why(name: str, why: str) -> None:
    result = forecast(rf.read(name), year=2027)
    plot = course(chart.picture(result))
    used = next(line for line in plot.lines if line.name == "observed")
    unused = [line for line in plot.lines if line.faint]
    assert {line.name for line in unused} == {f"{why}, not used"}
    assert max(unused[-1].xs) < min(used.xs)


def test_derived_and_preliminary_values_are_said_to_be_so_and_growth_leaves_gaps_and_credits_no_forecast() -> (
    None
):
    chained = chart.picture(forecast(rf.read("consumption_national"), basis="chained"))
    assert any(note.startswith("Derived from published growth: ") for note in chained.notes)
    known = (
        seen(str(2015 + at), 100.0 + at, status="preliminary" if at == 9 else "actual")
        for at in range(10)
    )
    notes = chart.picture(forecast(series({}, observations=tuple(known)))).notes
    assert notes == ("Observed values that are preliminary: 2024.",)
    found = rf.growth(rf.read("turnover"), rf.read("mofcom"), all_years=True)
    for line in course(growth_view.picture(found)).lines:
        assert list(line.xs) == list(range(int(line.xs[0]), int(line.xs[-1]) + 1))
    known = rf.read("mofcom")
    filed = replace(rf.read("mofcom"), publisher="", file="market.csv")
    assert growth_view.picture(rf.growth(known)).source == "Source: Ministry of Commerce of China."
    assert (
        sources(known, filed, credit="")
        == "Sources: Ministry of Commerce of China; data as supplied."
    )


def lines(document: object, width: int | None = 80) -> list[str]:
    text = render(document, "table", width=width)  # type: ignore[arg-type]
    assert isinstance(text, str)
    return text.splitlines()


def test_every_name_can_be_copied_from_the_list_and_a_search_that_finds_nothing_says_so() -> None:
    known = load().every()
    shown = {line.partition(" ")[0] for line in lines(lookup.listing(known))}
    assert {one.label for one in known} <= shown
    assert any(line.startswith("No series holds every word.") for line in lines(lookup.listing(())))
    assert lookup.listing([rf.read("turnover")]).sections[0].rows[0][-1] == "▁▅█"


def test_notes_and_addresses_stand_under_their_rows_and_no_sign_says_exactly() -> None:
    shown = lines(lookup.everything(rf.read("turnover"))._replace(brief=""))
    row = next(
        place for place, line in enumerate(shown) if line.startswith("2015") and " yes " in line
    )
    assert shown[row].split() == ["2015", "353", "actual", "yes", "xfa20160411"]
    assert shown[row + 1] == "  Ministry of Commerce figure; implied by 482/1.366 = 352.9"
    assert any(line.split()[:3] == ["2016", "460", ">"] for line in shown)
    assert "  http://finance.ce.cn/rolling/201410/13/t20141013_3692152.shtml" in shown


def test_the_bounds_of_parameters_have_one_number_of_decimals_and_rows_headings_for_people() -> (
    None
):
    shown = lines(lookup.one_model(registry.get("damped_holt")))
    bounds = [
        line.split()[-2:]
        for line in shown
        if line.startswith(("alpha ", "phi ")) and "one-step" not in line
    ]
    assert bounds == [["0.000", "1.000"], ["0.800", "0.995"]]
    assert "Needs: 1 point or more." in lines(lookup.one_model(registry.get("naive")))
    columns = row_columns((80,))
    row = ("north", 2027, "forecast", "consensus", 5.0, 4.0, 6.0, 3.2, "bn CNY")
    heading = lines(Document("batch", Table(columns, (row,))))[0]
    assert heading == "Series  Year  Kind      Model      Value  80 % range  Growth  Unit"


@given(st.lists(st.floats(-1e9, 1e9), max_size=40))
def test_heights_follow_the_values(values: list[float]) -> None:
    assert sparkline([1, 2], low=0, high=8) == "▂▃", "a common scale can be given"
    word = sparkline(values)
    shown = values[-LONGEST:]
    assert len(word) == len(shown)
    heights = [BLOCKS.index(sign) for sign in word]
    assert all(
        heights[i] <= heights[j] for i, a in enumerate(shown) for j, b in enumerate(shown) if a < b
    )
