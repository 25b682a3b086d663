"""Leading markets of a panel: its own past origins choose how much they count."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

import rural_forecast as rf
from rural_forecast.errors import InputError, UsageError
from rural_forecast.forecasting.leaders import weights
from rural_forecast.observed.observation import Series
from rural_forecast.panels.leading import LEAST
from tests.inside import Cli
from tests.panels.test_panel import check_sums, of

FIRST = 2008
LAST = 2020


def market(middle: float, most: float, pace: float = 0.5) -> list[float]:
    years = np.arange(FIRST, LAST + 1)
    return (most / (1 + np.exp(-pace * (years - middle)))).round(3).tolist()


PARTS = {
    "N / a": market(2018, 500),
    "N / b": market(2020, 900),
    "S / a": market(2019, 700),
    "S / b": market(2021, 800),
}
AHEAD = {"one": market(2013, 600), "two": market(2014, 900), "three": market(2014, 700)}
STEADY = {
    name: (size * 1.08 ** np.arange(13)).round(3).tolist()
    for name, size in (("N / a", 100), ("S / a", 70), ("W / a", 55))
}
STALLED = {name: [1, 50, *[2000.0 + year for year in range(11)]] for name in AHEAD}


def leaders(values: Mapping[str, Sequence[float]], unit: str = "k") -> list[Series]:
    markets = []
    for name, of_market in values.items():
        by_year = dict(zip(range(FIRST, LAST + 1), of_market, strict=False))
        markets.append(rf.series(by_year, id=name, unit=unit))
    return markets


@pytest.mark.parametrize(
    ("parts", "others", "scale"), [(PARTS, AHEAD, 1.4), (STEADY, STALLED, 0.0)]
)
@pytest.mark.slow
def test_past_origins_choose_the_scale_and_parts_add_up(
    parts: Mapping[str, Sequence[float]],
    others: Mapping[str, Sequence[float]],
    scale: float,
    tmp_path: Path,
) -> None:
    file = of(tmp_path, parts, FIRST, "k")
    result = rf.panel(file, horizon=4, like=leaders(others))
    alone = rf.panel(file, horizon=4)
    leading = result.leading
    assert leading is not None
    assert leading.scale == scale == min(leading.errors, key=lambda tried: leading.errors[tried])
    assert leading.n >= LEAST
    check_sums(result)
    assert np.array_equal(result.base, alone.base) == (scale == 0)
    assert (result.lower <= result.values).all()
    assert (result.upper >= result.values).all()
    assert [note.code for note in result.notes if note.code == "led"] == ["led"]
    np.testing.assert_allclose(weights(1, 3, 0.5), weights(1, 3) / 2)
    assert weights(3, 10, 1.4).max() == 1


@pytest.mark.slow
def test_a_node_follows_as_its_series_alone_where_too_few_forecasts_choose(tmp_path: Path) -> None:
    short = {name: values[-3:] for name, values in PARTS.items()}
    result = rf.panel(of(tmp_path, short, LAST - 2, "k"), horizon=3, like=leaders(AHEAD))
    assert result.leading is not None
    assert (result.leading.scale, result.leading.n) == (1.0, 0)
    for name, values in short.items():
        years = dict(zip(range(LAST - 2, LAST + 1), values, strict=True))
        alone = rf.forecast(years, horizon=3, like=leaders(AHEAD, ""))
        np.testing.assert_allclose(
            result.base[result.tree.names.index(name)], alone.best.values, rtol=1e-12
        )
        assert result.leading.followed[name] == tuple(lead.name for lead in alone.leads)


@pytest.mark.slow
def test_nothing_after_the_origin_is_known(tmp_path: Path) -> None:
    until = LAST - 3
    early = of(tmp_path, {name: values[:-3] for name, values in PARTS.items()}, FIRST, "k")
    cut = {name: values[:-3] for name, values in AHEAD.items()}
    whole = rf.panel(early, horizon=3, like=leaders(AHEAD))
    by_then = rf.panel(early, horizon=3, like=leaders(cut))
    assert whole.years[0] == until + 1
    np.testing.assert_array_equal(whole.values, by_then.values)
    assert whole.leading is not None
    assert by_then.leading is not None
    assert whole.leading.errors == by_then.leading.errors


def test_leaders_of_another_unit_are_refused(tmp_path: Path) -> None:
    file = of(tmp_path, PARTS, FIRST, "k")
    with pytest.raises(InputError, match="one is in t, and the panel in k"):
        rf.panel(file, like=leaders(AHEAD, "t"))


def test_leaders_beside_another_model_are_refused(tmp_path: Path) -> None:
    file = of(tmp_path, PARTS, FIRST, "k")
    with pytest.raises(UsageError, match="changes the consensus alone"):
        rf.panel(file, like=leaders(AHEAD), model="drift")


def test_a_warning_says_that_no_market_is_ahead(tmp_path: Path) -> None:
    file = of(tmp_path, PARTS, FIRST, "k")
    behind = rf.panel(file, like=leaders({"late": [0.1 * value for value in PARTS["N / b"]]}))
    assert [note.code for note in behind.notes if note.warning] == ["no_leader"]


def test_parts_follow_others_of_their_file_and_the_record_says_so(tmp_path: Path, cli: Cli) -> None:
    file = of(tmp_path, PARTS | {"W / x": AHEAD["one"]}, FIRST, "k")
    done = cli("panel", file, "--horizon", "2", "--like", "::W / x", "-f", "json")
    assert done.code == 0, done.err
    record = json.loads(done.out)
    assert record["provenance"]["options"]["like"] == [f"{file}::W / x"]
    leaders = record["figures"]["leaders"]
    assert set(leaders["errors"]) == {"0", "0.5", "1", "1.4"}
    assert {*leaders["followed"]} >= {"N / a", "N / b"}
    assert "W / x" not in leaders["followed"], "it is not ahead of itself"
