"""The catalogue that ships, and folders of one's own, sound and broken."""

import csv
import os
import re
from math import isfinite
from pathlib import Path

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.observed.catalogue import VARIABLE, Catalogue, load
from tests.inside import Cli
from tests.observed.reading.reading import check_refusal
from tests.programs import python

DATA = Path(__file__).parents[2] / "data"


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_of_the_files_is_in_a_series(catalogue: Catalogue) -> None:
    built = [catalogue.get(series_id) for series_id in catalogue.ids()]
    assert len(built) == len(rows("series.csv"))
    assert sum(len(series.observations) for series in built) == len(rows("observations.csv"))
    assert {row["source_id"] for row in rows("sources.csv")} == {
        name for series in built for name in series.sources
    }


def test_every_cell_of_a_series_is_filled_and_names_what_exists(catalogue: Catalogue) -> None:
    for series in map(catalogue.get, catalogue.ids()):
        assert all((series.title, series.definition, series.unit, series.publisher)), series.id
        assert set(series.related) <= set(catalogue.ids())
        assert set(series.sources) == {obs.source for obs in (*series.observations, *series.growth)}
        for obs in (*series.observations, *series.growth):
            assert isfinite(obs.value)
            assert obs.status == "forecast" or not (obs.author or obs.made or obs.target)
        assert [obs.period for obs in series.observations] == sorted(
            obs.period for obs in series.observations
        )


def test_a_series_has_its_sources_and_its_growth(catalogue: Catalogue) -> None:
    turnover = catalogue.get("turnover")
    article = turnover.sources["article2017"]
    assert article.publisher == "trade article of 2017, author not stated"
    assert (str(article.published_earliest), str(article.published_latest)) == (
        "2017-07-01",
        "2017-12-31",
    )
    assert {str(obs.period): obs.value for obs in turnover.growth} == {"2016": 36.6}
    assert catalogue.get("taobao_villages").growth == ()


@pytest.mark.parametrize(
    ("alias", "series_id"),
    [("mofcom", "rural_online_retail_mofcom"), ("Users", "rural_internet_users")],
)
def test_aliases_are_found_in_any_case(catalogue: Catalogue, alias: str, series_id: str) -> None:
    assert catalogue.get(alias).id == series_id


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("mofcon", "Did you mean mofcom"),
        ("parcel", "Did you mean parcels"),
        ("zzzz", "'rural-forecast series list'"),
    ],
)
def test_an_unknown_series_is_refused_with_a_guess(
    catalogue: Catalogue, name: str, hint: str
) -> None:
    with pytest.raises(UsageError) as refused:
        catalogue.get(name)
    assert refused.value.code == "unknown_name"
    assert refused.value.hint.startswith(hint)


TEXTS: dict[str, str] = {
    "series": (
        "series_id,title,measure,unit,alias,related,breaks\n"
        "beer,Beer,flow,bn CNY,ale,,\n"
        "beer_yoy,Growth of beer,growth,percent,,,\n"
    ),
    "observations": (
        "series_id,period,value,source_id,note\n"
        "beer,2020,10,me,\n"
        "beer,2021,12,me,\n"
        "beer_yoy,2021,20,me,\n"
    ),
    "sources": (
        "source_id,publisher,published_earliest,published_latest\n"
        "me,My desk,2022-01-01,2022-02-01\n"
    ),
}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    for name, text in TEXTS.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def refused(says: str, hint: str = "") -> InputError:
    with pytest.raises(InputError, match=re.escape(says)) as caught:
        load().get("beer")
    check_refusal(caught.value)
    assert hint in caught.value.hint
    return caught.value


def test_a_folder_of_ones_own_adds_series(own: Path) -> None:
    catalogue = load()
    beer = catalogue.get("ale")
    assert [obs.value for obs in beer.observations] == [10, 12]
    assert [obs.value for obs in beer.growth] == [20]
    assert beer.sources["me"].publisher == "My desk"
    assert beer.observations[0].place == f"{own / 'observations.csv'} line 2"
    assert catalogue.ids()[-2:] == ("beer", "beer_yoy")
    assert catalogue.get("turnover").observations[0].place == ""


@pytest.mark.parametrize("column", ["title", "title_in_own_words"])
def test_columns_that_a_folder_may_have(own: Path, column: str) -> None:
    kinds = "beer,Beer,flow,bn CNY,adoption\nbeer_yoy,Growth,growth,percent,\n"
    (own / "series.csv").write_text(f"series_id,title,measure,unit,market_kind\n{kinds}")
    (own / "sources.csv").write_text(f"source_id,{column}\nme,My notes\n")
    beer = load().get("beer")
    assert (beer.sources["me"].title, beer.market_kind, beer.reading_notes) == (
        "My notes",
        "adoption",
        (),
    )


def test_columns_that_are_not_read_are_named(own: Path) -> None:
    (own / "observations.csv").write_text(
        "series_id,period,value,source_id,stats,empty\nbeer,2021,5,me,forecast,\n"
    )
    (note,) = load().get("beer").reading_notes
    assert (note.code, note.warning) == ("left_out", True)
    assert "observations.csv: column 'stats'" in str(note)
    assert load().get("mofcom").reading_notes == ()


@pytest.mark.parametrize("name", TEXTS)
def test_files_that_are_missing_or_no_text(name: str, own: Path) -> None:
    text = TEXTS[name]
    file = own / f"{name}.csv"
    header, _, rows = text.partition("\n")
    file.unlink()
    refused(f"has no plain file {file.name}", "A catalogue needs")
    for data, says, hint in (
        ("", f"{file.name} line 1 has no column", "Its header needs"),
        (text + "a,b\n", "has 2 cells, and the header", "Quote a cell"),
        (text + '"open', "has a cell that never closes", "within it twice"),
        (text + "x" * 200_000, "more than 131,072 characters", ""),
        (
            f"{header},{header.split(',')[0]}\n{rows}",
            f"{file.name} line 1 names column",
            "each once",
        ),
    ):
        file.write_text(data)
        refused(says, hint)
    file.write_text(text, encoding="utf-16")
    refused(f"{file.name} is not UTF-8", "Save it as UTF-8")


def test_what_is_no_plain_file_is_never_read(own: Path) -> None:
    path = own / "series.csv"
    path.unlink()
    path.mkdir()
    refused("no plain file series.csv")
    path.rmdir()
    os.mkfifo(path)
    refused("no plain file series.csv")
    for target in ("/dev/zero", "series.csv"):
        path.unlink()
        path.symlink_to(target)
        refused("series.csv")


def test_a_folder_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for value in ("/nowhere", "/dev/null", "x" * 5000, "~"):
        monkeypatch.setenv(VARIABLE, value)
        refused("which is no folder", "It needs series.csv")


@pytest.mark.parametrize(
    ("name", "old", "new", "line", "column", "value"),
    [
        ("series", "beer,Beer", "beer,Two,flow,t,,,\nbeer,Beer", 3, "series_id", "beer"),
        (
            "series",
            "beer,Beer",
            "rural_internet_users,,,,,,\nbeer,Beer",
            2,
            "series_id",
            "rural_internet_users",
        ),
        ("series", "flow", "flux", 2, "measure", "flux"),
        ("series", "ale,,", "online,,", 2, "alias", "online"),
        ("series", "ale,,", "ale,nowhere,", 2, "related", "nowhere"),
        *(("series", "ale,,", f"ale,,{cell}", 2, "breaks", cell) for cell in ("soon", "99999")),
        ("observations", "beer,2020", "x_two,2020", 2, "series_id", "x_two"),
        ("observations", "10,me", "10,s9", 2, "source_id", "s9"),
        *(
            ("observations", "2020,10", f"{cell},10", 2, "period", cell)
            for cell in ("2014/15", "20145")
        ),
        *(
            ("observations", ",10,", f",{cell},", 2, "value", cell)
            for cell in ("1e999", "1_0", "nan", "১৮০", "=180", "1" * 400)
        ),
        ("observations", "2021,12", "2020,12", 3, "period", "2020"),
        ("observations", "note\nbeer,2020,10,me,", "unit\nbeer,2020,10,me,kg", 2, "unit", "kg"),
        (
            "observations",
            "note\nbeer,2020,10,me,",
            "status\nbeer,2020,10,me,sure",
            2,
            "status",
            "sure",
        ),
        ("sources", "2022-01-01", "soon", 2, "published_earliest", "soon"),
        ("sources", "2022-02-01", "May", 2, "published_latest", "May"),
        ("sources", "me,My", ",My", 2, "source_id", ""),
    ],
)
def test_a_cell_that_is_wrong_is_named_with_its_place(
    own: Path, name: str, old: str, new: str, line: int, column: str, value: str
) -> None:
    assert old in TEXTS[name]
    (own / f"{name}.csv").write_text(TEXTS[name].replace(old, new, 1), encoding="utf-8")
    error = refused(f"{name}.csv line {line}, column {column}: '{value[:3]}")
    assert (error.code, error.value, error.place.line) == ("cell", value, line)
    assert error.place.path.startswith(str(own))


def test_series_related_in_a_circle_are_no_trap(own: Path, cli: Cli) -> None:
    texts = TEXTS["series"].replace("ale,,", "ale,wine beer,") + "wine,Wine,flow,bn CNY,,beer,\n"
    (own / "series.csv").write_text(texts)
    (own / "observations.csv").write_text(
        TEXTS["observations"] + "wine,2020,10,me,\nwine,2021,12,me,\n"
    )
    assert "beer,2022,forecast,consensus" in cli("project", "beer").out
    assert cli("project", "beer", "--format", "json").code == 0


@pytest.mark.slow
def test_escapes_in_a_catalogue_are_told_in_print(
    own: Path, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, old in (("series", "Beer"), ("sources", "My desk"), ("observations", "me,\n")):
        escaped = TEXTS[name].replace(
            old, f"{old.strip()}\x1b]52;c;QQ==\x07\x1b[31m[bold]{old[len(old.strip()) :]}"
        )
        (own / f"{name}.csv").write_text(escaped)
    for command in (["project", "beer"], ["series", "show", "beer"], ["series", "list"]):
        for form in ("table", "csv", "json", "markdown"):
            outcome = cli(*command, "--format", form)
            assert outcome.code == 0
            assert all(line.isprintable() for line in outcome.out.splitlines())
    monkeypatch.setenv(VARIABLE, "\x1b[31m")
    assert all(line.isprintable() for line in cli("project").err.splitlines())


@pytest.mark.slow
def test_one_series_costs_no_heavy_import() -> None:
    script = (
        "import sys; from rural_forecast.observed.catalogue import load; load().get('turnover');"
        "print(*sorted({'numpy', 'pandas', 'importlib.resources'} & set(sys.modules)))"
    )
    assert python(script).strip() == ""
