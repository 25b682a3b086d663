"""Panels: forecasts of parts add up to their wholes, whatever the parts are."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rural_forecast as rf
from rural_forecast.document.picture import Ranges, Stack
from rural_forecast.errors import InputError
from rural_forecast.forecasting.in_currency import in_currency
from rural_forecast.observed.money.deflation import deflator
from rural_forecast.observed.money.exchange import conversion
from rural_forecast.panels.tree import from_ids, from_parents, reconcile
from rural_forecast.views.panel import document, picture
from tests.inside import Cli, rows

VALUES = {
    "North / A": (10, 12, 13),
    "North / B": (0, 0, 0),
    "South / A": (5, 5, 5),
    "South / B": (7, 3, 9),
}


def written(folder: Path, **more: tuple[float, ...]) -> str:
    return of(folder, {**VALUES, **more})


def of(
    folder: Path, parts: Mapping[str, Sequence[float | None]], first: int = 2021, unit: str = ""
) -> str:
    """A file of parts with values from a year on; None where one has none."""
    lines = []
    for name, values in parts.items():
        for year, value in enumerate(values, first):
            if value is not None:
                lines.append(f"{name},{year},{float(value)!r},{unit}")
    file = folder / "parts.csv"
    file.write_text("\n".join(("id,year,value,unit", *lines)) + "\n", encoding="utf-8")
    return str(file)


def check_sums(result: Any) -> None:
    inner = ~result.tree.leaves
    np.testing.assert_allclose(
        result.tree.sums(result.values)[inner], result.values[inner], rtol=1e-9
    )


@pytest.mark.parametrize("method", ["weighted", "top-down", "bottom-up"])
def test_parts_add_up_with_zero_and_constant_parts(method: Any, tmp_path: Path) -> None:
    result = rf.panel(written(tmp_path), horizon=3, method=method)
    check_sums(result)
    assert result.values.min() >= 0
    assert (result.values[result.tree.names.index("North / B")] == 0).all()
    assert np.isfinite(result.upper).all()
    assert (result.lower <= result.values).all()


AMOUNTS = st.lists(st.one_of(st.just(0.0), st.floats(0.01, 1e4)), min_size=4, max_size=4)
SLACK = 1 + 1e-9


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(
    parts=st.lists(AMOUNTS, min_size=5, max_size=5),
    room=st.floats(1.0, 1.2),
    method=st.sampled_from(["weighted", "top-down", "bottom-up"]),
    inside=st.booleans(),
)
def test_no_part_lies_above_its_whole_or_the_total_that_it_names(
    parts: list[list[float]], room: float, method: Any, inside: bool
) -> None:
    tree = {"N / a": "N", "N / b": "N", "S / a": "S", "S / b": "S", "S / c": "S"}
    values = {**dict(zip(tree, parts, strict=True)), "cap": [value * room for value in parts[0]]}
    lines = []
    for name, row in values.items():
        total = "cap" if name == "N / a" else ""
        lines += [(name, year, value, total) for year, value in enumerate(row, 2020)]
    frame = pd.DataFrame(lines, columns=["id", "year", "value", "within"])
    parents = {**tree, "N": "all", "S": "all", **({"cap": "S"} if inside else {})}
    result = rf.panel(frame, horizon=4, method=method, parents=parents)
    own = result.tree.names.index("N / a")
    nodes = np.arange(1, len(result.tree.names))
    wholes = result.tree.parents[1:]
    if inside:
        nodes = np.append(nodes, own)
        wholes = np.append(wholes, result.tree.names.index("cap"))
    else:
        cap = rf.forecast(frame[frame.id == "cap"], horizon=4).best
        assert (result.values[own] <= cap.values * SLACK).all()
        assert (result.lower[:, own] <= cap.lower * SLACK).all()
        assert (result.upper[:, own] <= cap.upper * SLACK).all()
    for side in (result.values[None], result.lower, result.upper):
        assert (side[:, nodes] <= side[:, wholes] * SLACK).all()
    check_sums(result)
    assert (result.lower <= result.values).all()
    assert (result.values <= result.upper).all()
    assert (np.diff(result.lower, axis=0) <= 0).all()
    assert (np.diff(result.upper, axis=0) >= 0).all()


def test_weighted_without_correlation_is_least_squares_with_a_certain_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("rural_forecast.panels.tree.siblings", lambda _: 0.0)
    tree, _ = from_ids(["N / a", "N / b", "S / a", "S / b", "S / c"])
    rng = np.random.default_rng(3)
    base = rng.uniform(50, 60, (len(tree.names), 1))
    spread = rng.uniform(1, 5, (len(tree.names), 1))
    ours = reconcile(tree, base, spread, np.zeros(len(tree.names), bool), "weighted")
    leaves = np.flatnonzero(tree.leaves)
    summing = np.zeros((len(tree.names), len(leaves)))
    for column, leaf in enumerate(leaves):
        node = leaf
        while node >= 0:
            summing[node, column] = 1
            node = tree.parents[node]
    # The leaves of least squares, and a multiplier that makes them add up to the whole.
    uncertain = summing[1:]
    precision = np.diag(1 / spread[1:, 0] ** 2)
    normal = np.block(
        [[uncertain.T @ precision @ uncertain, summing[:1].T], [summing[:1], np.zeros((1, 1))]]
    )
    wanted = np.concatenate([uncertain.T @ precision @ base[1:], base[:1]])
    solved = np.linalg.solve(normal, wanted)[: len(leaves)]
    np.testing.assert_allclose(ours, summing @ solved, rtol=1e-9)


def test_the_rest_that_zero_cuts_off_goes_to_other_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rural_forecast.panels.tree.siblings", lambda _: 0.0)
    tree, _ = from_ids(["a", "b"])
    base = np.array([[4.0], [1.0], [9.0]])
    spread = np.array([[0.01], [9.0], [1.0]])
    values = reconcile(tree, base, spread, np.ones(3, bool), "weighted")
    assert values[1, 0] == 0
    assert values[1:].sum() == pytest.approx(values[0, 0])


@pytest.mark.parametrize(
    "name", ["Summe", "Insgesamt", "Ensemble", "Ogółem", "Всего", "合計", "합계"]
)
def test_a_total_is_the_whole_in_the_language_of_its_file(tmp_path: Path, name: str) -> None:
    total = [*map(sum, zip(*VALUES.values(), strict=True))]
    tree = rf.panel(of(tmp_path, {**VALUES, name: total})).tree
    assert tree.names[0] == name
    assert {*VALUES} < {*tree.names[1:]}


def test_columns_of_parts_and_their_total_are_a_panel(tmp_path: Path) -> None:
    file = tmp_path / "parts.csv"
    file.write_text("Year,Europe,Asia,Total\n2020,30,44,74\n2021,36,61,97\n2022,40,70,110\n")
    assert rf.panel(str(file)).tree.names == ("Total", "Europe", "Asia")


def test_a_history_that_nearly_adds_up_to_its_total_is_noted(tmp_path: Path) -> None:
    near = rf.panel(written(tmp_path, Total=(22, 20, 28)))
    assert near.tree.names[0] == "Total"
    assert [note.code for note in near.notes][-2:] == ["wholes_given", "does_not_add_up"]
    assert "Total: 28 in 2023, and its parts come to 27" in str(near.notes[-1])


def test_parts_far_from_their_total_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="The parts of Total are not its parts"):
        rf.panel(written(tmp_path, Total=(90, 90, 90)))


CHINA = {"China": (30, 33, 36), "North": (10, 11, 12), "South": (20, 22, 24)}


def test_a_series_that_is_the_sum_of_the_others_is_their_whole(tmp_path: Path) -> None:
    result = rf.panel(of(tmp_path, CHINA, unit="mn"), horizon=1)
    assert result.tree.names == ("China", "North", "South")
    assert [note.code for note in result.notes] == ["wholes_given"]
    called = {"Total" if name == "China" else name: row for name, row in CHINA.items()}
    as_total = rf.panel(of(tmp_path, called, unit="mn"), horizon=1)
    assert result.values == pytest.approx(as_total.values)


def test_a_sum_of_the_others_in_two_years_is_counted_twice(tmp_path: Path) -> None:
    two_years = {name: row[:2] for name, row in CHINA.items()}
    result = rf.panel(of(tmp_path, two_years, unit="mn"), horizon=1)
    assert result.tree.names == ("total", "China", "North", "South")
    assert [note.code for note in result.notes if note.warning] == ["counted_twice"]


def test_a_sum_below_other_parts_is_counted_twice(tmp_path: Path) -> None:
    below = {f"Asia / {name}": row for name, row in CHINA.items()}
    result = rf.panel(of(tmp_path, below | {"Europe": (7, 7, 9)}, unit="mn"), horizon=1)
    assert "counted_twice" in [note.code for note in result.notes]


def test_parents_make_the_sum_of_the_others_their_whole(tmp_path: Path) -> None:
    parents = {"North": "China", "South": "China"}
    (note,) = rf.panel(of(tmp_path, CHINA, unit="mn"), horizon=1, parents=parents).notes
    assert note.code == "wholes_given"


@pytest.mark.parametrize("own", [(), (30, 33, 36)])
def test_a_root_that_all_ids_share_is_the_whole(own: tuple[float, ...], tmp_path: Path) -> None:
    parts = {"China / North": (10, 11, 12), "China / South": (20, 22, 24), "China": own}
    result = rf.panel(of(tmp_path, parts), horizon=1)
    assert result.tree.names == ("China", "China / North", "China / South")
    assert result.values[1:].sum() == pytest.approx(result.values[0, 0])
    stack = picture(result).plot
    assert sorted(part.ys[-1] for part in stack.parts) == pytest.approx(
        sorted(result.values[1:, 0])
    )


def test_the_refusal_of_a_series_keeps_its_code_and_place(tmp_path: Path) -> None:
    file = tmp_path / "parts.csv"
    file.write_text("id,year,value\na,2020,1\na,2021,many\nb,2020,1\nb,2021,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="series a") as caught:
        rf.panel(file)
    assert (caught.value.code, caught.value.place.line, caught.value.value) == ("cell", 3, "many")


def test_a_total_stays_above_a_root_that_all_ids_share() -> None:
    tree, _ = from_ids(["Total", "N / a", "N / b"])
    assert tree.names[:2] == ("Total", "N")


def test_a_total_with_nothing_beside_it_is_the_name_of_its_level() -> None:
    tree, left = from_ids(["all / north", "all / south"])
    assert (tree.names, left) == (("all", "all / north", "all / south"), ())


def test_a_total_beside_other_labels_leaves_its_ids_out() -> None:
    tree, left = from_ids(["all / north", "men / north", "women / north"])
    assert left == ("all / north",)
    assert "all" not in tree.names


def test_ids_name_the_tree() -> None:
    tree, _ = from_ids(["North / A", "North / B", "South / A"])
    assert tree.parents.tolist() == [-1, 0, 0, 1, 1, 2]


def test_a_table_of_parents_names_the_tree() -> None:
    tree, left = from_parents(["a", "b", "c"], {"a": "x", "b": "x", "x": "all"})
    assert (tree.names, left) == (("all", "x", "a", "b"), ("c",))


@pytest.mark.parametrize(
    ("ids", "parents", "problem"),
    [
        pytest.param(["a", "b"], {"a": "b", "b": "a"}, "is a part of itself", id="circle"),
        pytest.param(
            ["a"], {"a": "b", "b": "c", "c": "b"}, "b is a part of itself", id="below a circle"
        ),
        pytest.param(["a"], {"a": "x", "b": "x"}, "neither a series nor parts", id="no values"),
    ],
)
def test_a_table_of_parents_that_is_no_tree_is_refused(
    ids: list[str], parents: dict[str, str], problem: str
) -> None:
    with pytest.raises(InputError, match=problem):
        from_parents(ids, parents)


AS_CSV = ("--year", "2025", "--format", "csv")


def test_rows_have_parent_and_base_and_their_values_add_up(tmp_path: Path, cli: Cli) -> None:
    file = written(tmp_path, East=(5, 500, 6))
    nodes = rows(cli("panel", file, *AS_CSV, "-q").out)
    assert list(nodes[0])[-3:] == ["unit", "parent", "base_value"]
    of_2025 = [row for row in nodes if row["period"] == "2025"]
    whole = float(next(row["value"] for row in of_2025 if not row["parent"]))
    parts = [float(row["value"]) for row in of_2025 if row["parent"] == "total"]
    assert sum(parts) == pytest.approx(whole)


def test_a_pipe_gives_the_rows_of_its_file(tmp_path: Path, cli: Cli) -> None:
    file = written(tmp_path, East=(5, 500, 6))
    piped = cli("panel", "-", *AS_CSV, stdin=Path(file).read_text(encoding="utf-8"))
    assert piped.out == cli("panel", file, *AS_CSV, "-q").out
    assert "series check" not in piped.err, "it is no file to check"


def test_a_frame_gives_the_rows_of_its_file(tmp_path: Path) -> None:
    file = written(tmp_path, East=(5, 500, 6))
    of_frame = rf.panel(pd.read_csv(file), year=2025).to_frame()
    assert of_frame.equals(rf.panel(file, year=2025).to_frame())


def test_a_list_is_no_panel() -> None:
    with pytest.raises(TypeError):
        rf.panel([1, 2])  # type: ignore[arg-type]


def test_the_picture_shows_the_share_of_growth_that_its_headline_names(tmp_path: Path) -> None:
    parts = {"North": (10, 12, 14, 17), "South": (5, 6, 7, 7)}
    drawn = picture(rf.panel(of(tmp_path, parts), horizon=2))
    assert isinstance(drawn.plot, Stack)
    shares = {part.name: part.texts[-1] for part in drawn.plot.parts}
    assert drawn.plot.heads[-1] == "of growth"
    assert f"North: {shares['North']} of the growth" in drawn.title


def test_the_picture_stacks_the_largest_parts_and_sums_up_the_rest(tmp_path: Path) -> None:
    more = {f"P{size}": (size, size, size + 1) for size in range(1, 8)}
    result = rf.panel(written(tmp_path, **more), horizon=2)
    stack = picture(result).plot
    assert [part.rest for part in stack.parts] == [False] * 5 + [True]
    assert stack.whole.ys[-1] == pytest.approx(result.values[0, -1])
    assert isinstance(picture(rf.panel(written(tmp_path, Loss=(-1, 2, 3)), horizon=2)).plot, Ranges)


@pytest.mark.parametrize("form", ["csv", "json", "table"])
def test_doubtful_values_of_parts_are_said_in_every_format(
    form: str, tmp_path: Path, cli: Cli
) -> None:
    file = of(tmp_path, {"a": (50, 52, 5200, 55), "b": (50, 52, 53, 55)}, 2020)
    done = cli("panel", file, "--year", "2025", "--format", form)
    assert done.code == 0, done.err
    assert "5,200 does not fit 52 (2021) and 55 (2023)" in done.err


def test_shares_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="do not add up"):
        rf.panel(of(tmp_path, {"a": (50, 51), "b": (50, 49)}, unit="percent"), year=2023)


def test_parts_without_a_year_in_common_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="total have no year in common"):
        rf.panel(of(tmp_path, {"a": (5, 6), "b": (None, None, 7, 8), "c": (1, 1, 1, 1)}, 2018))


@pytest.mark.parametrize("method", ["weighted", "top-down"])
@pytest.mark.parametrize("own", [True, False], ids=["with a row", "as a sum"])
def test_a_whole_has_the_forecast_and_interval_that_it_has_alone(
    method: Any, own: bool, tmp_path: Path
) -> None:
    parts = {"a": (30, 33, 41, 40, 52), "b": (12, 19, 14, 22, 21), "c": (5, 5, 9, 7, 8)}
    total = tuple(map(sum, zip(*parts.values(), strict=True)))
    file = of(tmp_path, {"Total": total, **parts} if own else parts)
    result = rf.panel(file, horizon=3, method=method)
    alone = rf.forecast({2021 + step: value for step, value in enumerate(total)}, horizon=3)
    np.testing.assert_array_equal(result.values[0], alone.best.values)
    np.testing.assert_array_equal(result.lower[:, 0], alone.best.lower)
    np.testing.assert_array_equal(result.upper[:, 0], alone.best.upper)
    check_sums(result)


def test_a_middle_has_its_own_interval_moved_with_its_value(tmp_path: Path) -> None:
    parts = {"N / a": (30, 33, 41), "N / b": (12, 19, 14), "S / a": (50, 59, 71)}
    result = rf.panel(of(tmp_path, parts), horizon=2)
    north = rf.forecast({2021: 42, 2022: 52, 2023: 55}, horizon=2).best
    node = result.tree.names.index("N")
    factor = result.values[node] / north.values
    np.testing.assert_allclose(result.upper[:, node], north.upper * factor)
    np.testing.assert_allclose(result.lower[:, node], north.lower * factor)


def test_fewer_years_do_not_narrow_the_range_of_a_whole(tmp_path: Path) -> None:
    shape = 10 * (1.1 ** np.arange(5) + np.arange(5) % 2 / 50)
    widths = []
    for points in (5, 3):
        parts = dict.fromkeys("abcd", shape[-points:])
        result = rf.panel(of(tmp_path, parts, 2025 - points), horizon=4)
        widths.append(np.log(result.upper[0, 0] / result.lower[0, 0]))
    assert (widths[1] >= widths[0]).all()


def test_the_interval_of_a_whole_with_one_large_part_is_its_own(tmp_path: Path) -> None:
    result = rf.panel(
        of(tmp_path, {"a": (100, 110, 125), "b": (1e-3, 1.1e-3, 1.2e-3)}, 2020), horizon=3
    )
    np.testing.assert_allclose(result.upper[:, 0], result.upper[:, 1], rtol=1e-3)


TREE = """\
Child,Parent,note
North / A,A,
South / A,A,
North / B,B,
South / B,B,
A,All,
B,All,
,,end
"""


def test_a_file_of_parents_is_read_and_never_written_over(tmp_path: Path, cli: Cli) -> None:
    parents = tmp_path / "tree.csv"
    parents.write_text(TREE, encoding="utf-8")
    source = ("panel", written(tmp_path), "--parents", parents, "-q")
    nodes = rows(cli(*source, "--format", "csv").out)
    assert {row["series_id"]: row["parent"] for row in nodes}["North / A"] == "A"
    assert cli(*source, "-o", parents).code == 2
    assert parents.read_text(encoding="utf-8") == TREE
    assert "contradict" in cli(*source, "--separator", "|").err


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("child,whole\na,b\n", "no columns child and parent"),
        ("child,parent\na,b\na,c\n", "tree.csv:3: a has two parents"),
        ("child,parent\n,b\n", "tree.csv:2: b has a part without a name"),
        ("child,parent\n", "tree.csv has no rows below its head."),
    ],
)
def test_a_file_of_parents_that_names_no_tree_is_refused(
    text: str, problem: str, tmp_path: Path, cli: Cli
) -> None:
    (tmp_path / "tree.csv").write_text(text, encoding="utf-8")
    refused = cli("panel", written(tmp_path), "--parents", tmp_path / "tree.csv")
    assert refused.code == 3
    assert problem in refused.err


def test_the_headline_is_the_part_that_brings_most_of_the_growth(tmp_path: Path) -> None:
    result = rf.panel(written(tmp_path))
    gains = {
        name: result.values[node, -1] - result.last[node]
        for node, name in enumerate(result.tree.names)
    }
    most = max(("North", "South"), key=lambda name: gains[name])
    share = 100 * gains[most] / gains["total"]
    assert document(result).title == f"{most}: {share:.0f} % of the growth to {result.years[-1]}"
    shown = document(result).sections[0]
    assert shown.rows[0][0] == "total"
    assert shown.columns[0].depths == (0, 1, 1)
    whole, *parts = (row[1] for row in shown.rows)
    assert whole == pytest.approx(sum(parts)), "as printed"
    assert all(part == pytest.approx(round(part, 1)) for part in (whole, *parts))


@pytest.mark.parametrize(
    ("names", "title"),
    [
        (("North", "South"), "North and South: 50 % each of the growth to 2024"),
        (("North", "South", "West"), "Total: about "),
    ],
)
def test_the_headline_prefers_none_of_parts_that_grow_alike(
    names: Sequence[str], title: str, cli: Cli
) -> None:
    lines = [
        f"{name},{year},{1.1 ** (year - 2010):.6f}" for name in names for year in range(2018, 2023)
    ]
    text = "\n".join(["series_id,year,value", *lines, ""])
    shown = cli("panel", "-", "--year", "2024", "-f", "table", stdin=text)
    assert shown.out.startswith(title), shown.err


def test_numbers_do_not_depend_on_the_levels(tmp_path: Path) -> None:
    file = written(tmp_path, **{"West / A": (-2, 1, 3)})
    plain = rf.panel(file)
    for levels in ((50,), (95,), (50, 75, 95), (80, 99)):
        result = rf.panel(file, levels=levels)
        assert result.levels == levels
        np.testing.assert_array_equal(result.values, plain.values)
        for level in {*levels} & {80, 95}:
            lower = plain.lower[plain.levels.index(level)]
            np.testing.assert_array_equal(lower, result.lower[levels.index(level)])
        assert result.lower.shape == (len(levels), *result.values.shape)


@pytest.mark.parametrize(("levels", "chances"), [((50, 75, 95), 75), ((50, 79, 95), 79)])
def test_sentences_name_the_level_nearest_to_80(
    levels: tuple[int, ...], chances: int, tmp_path: Path
) -> None:
    result = rf.panel(written(tmp_path, **{"West / A": (-2, 1, 3)}), levels=levels)
    assert f"{chances} chances in 100" in document(result).summary[0]


def test_several_wholes_and_sums_that_start_late_are_noted(tmp_path: Path) -> None:
    file = of(tmp_path, {"a": (9, 10, 11, 12), "b": (None, 10, 11, 12), "c": (9, 10, 11, 12)}, 2019)
    notes = {
        note.code: str(note)
        for note in rf.panel(file, parents={"a": "N", "b": "N", "c": "Nn", "N": "all"}).notes
    }
    assert "Nn and all" in notes["several_wholes"]
    assert "from 2020: N." in notes["starts_late"]


def test_a_panel_in_another_currency_adds_up_at_the_rate_of_each_year(
    tmp_path: Path, cli: Cli
) -> None:
    parts = {**dict.fromkeys(("N / A", "N / B", "S / A"), (10, 11, 12)), "Total": (30, 90, 36)}
    file = of(tmp_path, parts, unit="bn CNY")
    euro = conversion("bn CNY", to="EUR")
    plain = rf.panel(file, year=2025)
    result = in_currency(plain, euro)
    assert result.unit == "bn EUR"
    np.testing.assert_allclose(result.values, plain.values / [euro.rate(2024), euro.rate(2025)])
    np.testing.assert_allclose(result.tree.sums(result.values)[0], result.values[0])
    np.testing.assert_array_equal(result.last, result.history[:, -1])
    command = "panel", file, "--year", "2025", "--currency", "eur", "--format"
    assert rows(cli(*command, "csv").out)[0]["value"] == repr(float(result.values[0, 0]))
    assert "CNY are converted to EUR" in cli(*command, "table").out


def test_a_real_panel_is_forecast_in_the_prices_of_one_year(tmp_path: Path, cli: Cli) -> None:
    parts = {"N / A": 100.0, "N / B": 50.0, "S / A": 20.0}
    level = deflator("bn CNY", 2020, inflation=2.0)
    nominal = {
        name: [value * level.rate(year) for year in range(2018, 2023)]
        for name, value in parts.items()
    }
    file = of(tmp_path, nominal, 2018, "bn CNY")
    real = rf.panel(file, year=2027, real=2020, inflation=2.0)
    assert real.unit == "bn CNY (2020 prices)"
    np.testing.assert_allclose(real.last[real.tree.leaves], [*parts.values()])
    np.testing.assert_allclose(real.tree.sums(real.values)[0], real.values[0])
    command = "panel", file, "--year", "2027", "--real", "2020", "--inflation", "2", "--format"
    values = [float(row["value"]) for row in rows(cli(*command, "csv").out)]
    np.testing.assert_allclose(values, real.values.ravel())
    assert "prices of 2020" in cli(*command, "table").out


@pytest.mark.parametrize("rest", ["Other", "Other services", "其他", "Sonstige"])
def test_the_headline_names_no_rest_where_a_part_has_a_name(rest: str, cli: Cli) -> None:
    rows_of_file = ["series_id,year,value"]
    for step, year in enumerate(range(2017, 2024)):
        rows_of_file.append(f"total,{year},{130 + 14 * step}")
        rows_of_file.append(f"Foods,{year},{100 + 4 * step}")
        rows_of_file.append(f"{rest},{year},{30 + 10 * step}")
    data = "\n".join(rows_of_file)
    done = cli("panel", "-", "-f", "table", stdin=data)
    assert done.code == 0, done.err
    assert re.match(r"Foods: \d+ % of the growth to 20\d\d\n", done.out)
    assert "brings" not in done.out


@pytest.mark.parametrize("with_whole", [True, False])
def test_a_stated_kind_counts_for_each_node_as_in_a_batch(tmp_path: Path, with_whole: bool) -> None:
    lines = ["series_id,year,value,market_kind"]
    parts = {"T / a": (5, 6, 7.5), "T / b": (9, 10, 11.5)}
    if with_whole:
        parts["T"] = (14, 16, 19)
    for name, values in parts.items():
        for year, value in enumerate(values, start=2018):
            lines.append(f"{name},{year},{value},population")
    path = tmp_path / "parts.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    alone = rf.batch(path, horizon=1).forecasts.set_index("series_id").value
    panel = rf.panel(path, horizon=1)
    bases = dict(zip(panel.tree.names, panel.base[:, 0].tolist(), strict=True))
    for name in parts:
        assert bases[name] == pytest.approx(alone[name])
    whole = rf.forecast({2018: 14, 2019: 16, 2020: 19}, horizon=1, kind="population")
    assert bases["T"] == pytest.approx(whole.best.values[0])


@pytest.fixture
def cars(tmp_path: Path) -> Path:
    path = tmp_path / "cars.csv"
    text = "Electric cars sold (thousand)\nregion,2014,2015,2016,2017,2018,2019\n"
    path.write_text(f"{text}north,1,2,4,7,11,19\nsouth,2,3,5,9,16,25\n", encoding="utf-8")
    return path


def test_a_title_states_the_subject_of_each_node_as_for_a_series_alone(cars: Path) -> None:
    panel = rf.panel(cars, horizon=2)
    alone = rf.forecast(rf.series(cars, series_id="north"), horizon=2)
    north = panel.tree.names.index("north")
    assert panel.base[north] == pytest.approx(alone.best.values)
    assert panel.kinds == dict.fromkeys(("total", "north", "south"), "adoption")


def test_a_panel_says_which_subject_its_title_stated(cars: Path) -> None:
    (note,) = [note for note in rf.panel(cars, horizon=1).notes if note.code == "subject_read"]
    assert "adoption" in note.text


def test_the_subject_of_a_title_is_left_out_of_a_panel_on_request(cars: Path) -> None:
    panel = rf.panel(cars, horizon=2, kind="none")
    alone = rf.forecast(rf.series(cars, series_id="north"), horizon=2, kind="none")
    north = panel.tree.names.index("north")
    assert panel.base[north] == pytest.approx(alone.best.values)


@pytest.mark.parametrize("typed", ["", " --kind none", " --kind retail"])
def test_a_record_of_a_panel_is_redone_by_its_subjects(typed: str, cars: Path, cli: Cli) -> None:
    kept = str(cars.with_name("kept.json"))
    cli("panel", str(cars), "--year", "2021", *typed.split(), "-o", kept)
    steps = cli("revise", kept, str(cars), "--series", "north", "--format", "csv")
    changes = [float(row["change"]) for row in rows(steps.out)]
    assert changes == [0] * len(changes)


def test_ranges_on_a_screen_have_the_step_of_the_values_that_add_up(tmp_path: Path) -> None:
    grown = {
        name: [start * 1.02**step for step in range(8)]
        for name, start in (("Big", 2000.0), ("Mid", 400.0), ("Tiny", 1.2))
    }
    table = document(rf.panel(of(tmp_path, grown), horizon=2)).sections[0]
    steps = set()
    for column in table.columns:
        if column.amount:
            steps |= {column.decimals, *column.row_decimals}
    assert steps == {1}
