"""Results as notebooks hold them: shown, drawn, written, made frames."""

import json
import pickle
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from tests.gate.situations import case
from tests.inside import Cli

DATA = {2014: 180.0, 2015: 353.0, 2016: 482.0}
RESULTS = (
    "project",
    "compare",
    "backtest",
    "growth",
    "nowcast",
    "scenario pair",
    "size",
    "precedents",
)


@pytest.mark.parametrize("name", RESULTS)
def test_a_notebook_shows_a_result(name: str) -> None:
    result = case(name).result
    page = result._repr_html_()
    assert (page.count("<table"), page.count("<img")) == (1, 1)
    assert not re.search(r"<script|href=|\bNone\b", page)
    assert result.to_frame().equals(rf.to_frame(result))
    assert result.explain().count("\n") > 3
    assert pickle.loads(pickle.dumps(result)) == result


class _Axes:
    """Axes of matplotlib, as far as they are used."""

    def __init__(self) -> None:
        self.called: list[str] = []
        self.drawn: list[float] = []

    def __getattr__(self, name: str) -> Any:
        def call(*given: Any, **__: object) -> Any:
            self.called.append(name)
            self.drawn += given[1] if name == "plot" else []
            return self

        return call

    @property
    def xaxis(self) -> Any:
        return self


def test_a_picture_is_drawn_saved_and_drawn_on_axes(tmp_path: Path) -> None:
    found = rf.forecast("turnover", year=2018)
    chart = found.plot(title="Ours", theme="dark")
    assert chart.svg.startswith("<?xml")
    assert "Ours" in chart.svg
    assert chart._repr_html_().startswith("<img ")
    assert (
        chart.save(tmp_path / "a.svg").read_text(encoding="utf-8")
        == chart.svg
        == chart._repr_svg_()
    )
    with pytest.raises(UsageError):
        chart.save(tmp_path / "a.csv")
    axes: Any = _Axes()
    assert found.plot(ax=axes) is axes
    assert axes.called.count("fill_between") == 3
    assert {"plot", "set_title", "set_ylabel"} <= {*axes.called}
    in_trillions: Any = _Axes()
    found = rf.forecast("mofcom", year=2030)
    assert found.plot().picture.unit.startswith("tn")
    found.plot(ax=in_trillions)
    assert max(in_trillions.drawn) == pytest.approx(found.best.last / 1000)
    with pytest.raises(UsageError):
        rf.compare("turnover", opinions=False).plot(ax=axes)


def test_frames_have_the_names_of_nixtla_json_is_the_record_of_the_command_and_notebooks_show_text(
    cli: Cli,
) -> None:
    found = rf.forecast(rf.series(DATA, id="cars"), year=2018, models=["consensus", "drift"])
    frame = found.to_frame(names="nixtla")
    sides = ["", "-lo-95", "-lo-80", "-hi-80", "-hi-95"]
    assert [*frame.columns] == [
        "unique_id",
        "ds",
        *(name + side for name in ("consensus", "drift") for side in sides),
    ]
    assert frame[["unique_id", "ds"]].to_numpy().tolist() == [["cars", 2017], ["cars", 2018]]
    np.testing.assert_array_equal(frame["consensus-hi-80"], found.best.upper[0])
    done = cli("project", "turnover", "--year", "2018", "--format", "json")
    made = json.loads(rf.forecast("turnover", year=2018).to_json())
    typed = json.loads(done.out)
    # The advice of a note is spelt for whoever asked.
    assert [note["code"] for note in made.pop("notes")] == [
        note["code"] for note in typed.pop("notes")
    ]
    assert made == typed
    page = rf.forecast(
        rf.series(DATA, id="<b>x</b>", title="<script>alert(1)</script>")
    )._repr_html_()
    assert not re.search("<script|<b>", page)


@pytest.mark.slow
def test_an_exhibit_is_that_of_the_command(cli: Cli, tmp_path: Path) -> None:
    ours = tmp_path / "ours.html"
    rf.forecast("mofcom", year=2027, until=2023).exhibit(ours, author="A. Analyst")
    asked = (
        "exhibit",
        "mofcom",
        "--year",
        "2027",
        "--until",
        "2023",
        "--author",
        "A. Analyst",
        "-f",
        "html",
    )
    assert ours.read_text(encoding="utf-8") == cli(*asked).out
    with pytest.raises(UsageError):
        rf.forecast("mofcom").exhibit(tmp_path / "page.csv")


GROWN = {2010 + year: 100 * 1.1**year for year in range(8)}
SHARES = {2010: 10.0, 2011: 20, 2012: 35, 2013: 47}
KEPT: dict[str, Callable[[], rf.Forecast]] = {
    "of three values": lambda: rf.forecast(DATA),
    "of zeros": lambda: rf.forecast({2010: 0, 2011: 0, 2012: 0}),
    "of a path that ends": lambda: rf.forecast(
        {2010: -10, 2011: 5, 2012: 8, 2013: -7}, models=["consensus", "bass"], year=2030
    ),
    "of a share": lambda: rf.forecast(rf.series(SHARES, unit="%", measure="rate")),
    "of the catalogue": lambda: rf.forecast("mofcom", year=2030),
    "on a stated basis": lambda: rf.forecast("mofcom", basis="chained"),
    "by levels": lambda: rf.forecast("mofcom", basis="levels"),
    "of the past": lambda: rf.forecast("mofcom", until=2022, year=2027),
    "by the median of sources": lambda: rf.forecast("mofcom", since=2019, prefer="median"),
    "of what was published": lambda: rf.forecast("mofcom", as_of=date(2020, 6, 1)),
    "with a ceiling": lambda: rf.forecast(GROWN, ceiling=(250, 400), levels=[50, 90]),
    "with a break": lambda: rf.forecast(GROWN, breaks=[2013]),
    "of a running total": lambda: rf.forecast(GROWN, measure="cumulative"),
    "led by others": lambda: rf.forecast(DATA, like=["mofcom", GROWN]),
    "within a total": lambda: rf.forecast(DATA, within={2014: 1180, 2015: 1353, 2016: 1482}),
    "with kernels beside": lambda: rf.forecast(GROWN, kernels=True),
    "pooled": lambda: rf.Forecast.of(rf.pooled(rf.forecast("turnover", year=2018))),
}


@pytest.mark.parametrize("kept", KEPT)
def test_a_forecast_of_a_record_equals_the_one_that_was_kept(kept: str) -> None:
    forecast = KEPT[kept]()
    again = rf.from_json(forecast.to_json())
    assert again == forecast
    assert {str(note) for note in again.notes} >= {str(note) for note in forecast.notes}
    assert json.loads(again.to_json())["rows"] == json.loads(forecast.to_json())["rows"]


def test_forecasts_that_differ_in_a_value_are_not_equal() -> None:
    forecast = rf.forecast(DATA)
    assert forecast != rf.forecast(DATA | {2014: 181.0})
    assert forecast != rf.forecast(DATA, levels=[80])
    assert forecast != rf.forecast(DATA, horizon=3)
    assert forecast != rf.forecast(rf.series(DATA, unit="m"))


def test_markets_without_a_name_are_kept_apart() -> None:
    total = {2014: 190, 2015: 360, 2016: 490}
    forecast = rf.forecast(DATA, within=total)
    inputs = json.loads(forecast.to_json())["inputs"]
    assert {row["series_id"] for row in inputs} == {"series", "series (total)"}


def test_a_forecast_is_made_again_of_its_record(tmp_path: Path) -> None:
    data = {2010 + place: 100 * 1.1**place for place in range(8)}
    made = rf.forecast(
        rf.series(data, id="cars", unit="m"), ceiling=(250, 400), levels=[50, 90], until=2016
    )
    file = tmp_path / "kept.json"
    file.write_text(made.to_json(), encoding="utf-8")
    for source in (made.to_json(), file, str(file)):
        again = rf.from_json(source)
        np.testing.assert_array_equal(again.best.values, made.best.values)
        np.testing.assert_array_equal(again.best.upper, made.best.upper)
        assert (again.levels, again.limits, again.history.series.unit) == (
            made.levels,
            made.limits,
            "m",
        )
    with pytest.raises(InputError):
        rf.from_json("{}")
    changed = re.sub(r'"value": [0-9.]+, "lower', '"value": 1.0, "lower', made.to_json())
    with pytest.warns(UserWarning, match="gives other numbers"):
        rf.from_json(changed)


@pytest.mark.slow
def test_a_forecast_is_scored_and_revised() -> None:
    early, late = (rf.forecast("mofcom", year=2027, until=until) for until in (2021, 2023))
    assert early.score().to_frame()["period"].tolist() == [2022, 2023, 2024, 2025]
    assert len(rf.score(early, late, actuals="mofcom").rows) == 6
    revised = early.revise(late)
    assert revised.to_frame()["step"].tolist() == ["kept", "basis", "2022", "basis", "2023"]
    assert rf.revise(early, late) == revised
    assert early.revise("mofcom", year=2026).year == 2026
    with pytest.raises(InputError):
        rf.forecast("mofcom").score()


def test_a_forecast_up_to_an_earlier_year_is_scored_by_its_own_later_values() -> None:
    data = {year: 50.0 + 5 * (year - 2010) for year in range(2010, 2022)}
    rows = rf.forecast(data, until=2019).score().rows
    assert [(row.period, row.actual) for row in rows] == [(2020, 100.0), (2021, 105.0)]
    with pytest.raises(InputError):
        rf.forecast(data, horizon=2).score()


def test_a_result_in_a_notebook_is_small_and_has_its_font() -> None:
    page = rf.forecast("mofcom", year=2030)._repr_html_()
    assert "font-face" in page
    assert len(page) < 42_000


def test_a_picture_with_other_letters_has_the_whole_font() -> None:
    accented = rf.forecast(rf.series({2014: 1, 2015: 2, 2016: 3}, title="Zürich"))
    assert len(accented.plot()._repr_html_()) > 80_000


def test_a_picture_has_the_bands_that_are_asked_for() -> None:
    forecast = rf.forecast(DATA)
    drawn: Any = forecast.plot(levels=[60, 90]).picture.plot
    assert [band.level for band in drawn.bands] == [60, 90]
    asked_at_once: Any = rf.forecast(DATA, levels=[60, 90]).plot().picture.plot
    for band, same in zip(drawn.bands, asked_at_once.bands, strict=True):
        np.testing.assert_allclose(band.lower, same.lower)
    with pytest.raises(UsageError) as caught:
        forecast.plot(levels=[85])
    assert caught.value.hint == "Use any of 50, 60, 70, 80, 90, 95, 98, 99."
