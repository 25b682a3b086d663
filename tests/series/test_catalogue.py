"""The catalogue that ships, and folders of one's own; tests/bad_input has the broken ones."""

import csv
from math import isfinite
from pathlib import Path

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.catalogue import FILES, VARIABLE, Catalogue, load
from tests.programs import python

DATA = Path(__file__).parents[2] / "data"


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_of_the_files_is_in_a_series_and_every_cell_holds_what_it_should(catalogue: Catalogue) -> None:
    built = [catalogue.get(series_id) for series_id in catalogue.ids()]
    assert len(built) == len(rows("series.csv"))
    assert sum(len(series.observations) for series in built) == len(rows("observations.csv"))
    assert {row["source_id"] for row in rows("sources.csv")} == {name for series in built for name in series.sources}
    for series in built:
        assert all((series.title, series.definition, series.unit, series.publisher)), series.id
        assert set(series.related) <= set(catalogue.ids())
        assert set(series.sources) == {seen.source for seen in (*series.observations, *series.growth)}
        for seen in (*series.observations, *series.growth):
            assert isfinite(seen.value)
            assert seen.status == "forecast" or not (seen.author or seen.made or seen.target)
        assert [seen.period for seen in series.observations] == sorted(seen.period for seen in series.observations)


def test_a_series_has_its_sources_and_its_growth(catalogue: Catalogue) -> None:
    turnover = catalogue.get("turnover")
    article = turnover.sources["article2017"]
    assert article.publisher == "trade article of 2017, author not stated"
    assert (str(article.published_earliest), str(article.published_latest)) == ("2017-07-01", "2017-12-31")
    assert {str(seen.period): seen.value for seen in turnover.growth} == {"2016": 36.6}
    assert catalogue.get("taobao_villages").growth == ()


def test_aliases_in_any_case_are_known_and_an_unknown_series_is_refused_with_a_guess(catalogue: Catalogue) -> None:
    for name, series_id in (("mofcom", "rural_online_retail_mofcom"), ("Users", "rural_internet_users")):
        assert catalogue.get(name).id == series_id
    guesses = {
        "mofcon": "Did you mean mofcom",
        "parcel": "Did you mean parcels",
        "zzzz": "'rural-forecast series list'",
    }
    for name, meant in guesses.items():
        with pytest.raises(UsageError) as refused:
            catalogue.get(name)
        assert (refused.value.code, refused.value.hint.startswith(meant)) == ("unknown_name", True), name


def write(folder: Path, **changed: str) -> None:
    """A catalogue folder of one series; a keyword replaces a whole file."""
    texts = {
        "series": "series_id,title,measure,unit\nbeer,Beer,flow,bn CNY\nbeer_yoy,Growth of beer,growth,percent\n",
        "observations": "series_id,period,value,source_id\nbeer,2020,10,me\nbeer,2021,12,me\nbeer_yoy,2021,20,me\n",
        "sources": "source_id,publisher,date\nme,My desk,2022\n",
    }
    for file in FILES:
        name = file.removesuffix(".csv")
        (folder / file).write_text(changed.get(name, texts[name]), encoding="utf-8")


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    return tmp_path


def test_a_folder_of_ones_own_adds_series(own: Path) -> None:
    write(own)
    catalogue = load()
    beer = catalogue.get("beer")
    assert [seen.value for seen in beer.observations] == [10, 12]
    assert [seen.value for seen in beer.growth] == [20]
    assert beer.sources["me"].publisher == "My desk"
    assert beer.observations[0].place == f"{own / 'observations.csv'} line 2"
    assert catalogue.ids()[-2:] == ("beer", "beer_yoy")
    assert catalogue.get("turnover").observations[0].place == ""


@pytest.mark.parametrize("column", ["title", "title_in_own_words"])
def test_columns_that_a_folder_may_have(own: Path, column: str) -> None:
    kinds = "beer,Beer,flow,bn CNY,adoption\nbeer_yoy,Growth,growth,percent,\n"
    write(
        own, series=f"series_id,title,measure,unit,market_kind\n{kinds}", sources=f"source_id,{column}\nme,My notes\n"
    )
    beer = load().get("beer")
    assert (beer.sources["me"].title, beer.market_kind, beer.reading_notes) == ("My notes", "adoption", ())


def test_columns_that_are_not_read_are_named(own: Path) -> None:
    write(own, observations="series_id,period,value,source_id,stats,empty\nbeer,2021,5,me,forecast,\n")
    (note,) = load().get("beer").reading_notes
    assert (note.code, note.warning) == ("left_out", True)
    assert "observations.csv: column 'stats'" in str(note)
    assert load().get("mofcom").reading_notes == ()


@pytest.mark.parametrize(
    ("changed", "line", "value"),
    [
        ({"observations": "series_id,period,value,source_id,unit\nbeer,2020,1,me,kg\n"}, 2, "kg"),
        ({"observations": "series_id,period,value,source_id,status\nbeer,2020,1,me,sure\n"}, 2, "sure"),
        ({"sources": "source_id,published_latest\nme,May\n"}, 2, "May"),
        ({"series": "series_id,title,measure,unit\nbeer,Beer,flow,kg\n"}, 4, "beer_yoy"),
        ({"series": "series_id,title,measure,unit,alias\nbeer,,flow,,turnover\nbeer_yoy,,growth,,\n"}, 2, "turnover"),
        ({"series": "series_id,title,measure,unit\nbeer,,flow,kg\nbeer_yoy,,growth,%\nrural_internet_users,,,\n"}, 4,
         "rural_internet_users"),
    ],
)  # fmt: skip
def test_a_cell_that_is_wrong_is_named_with_its_place(
    own: Path, changed: dict[str, str], line: int, value: str
) -> None:
    write(own, **changed)
    with pytest.raises(InputError) as refused:
        load().get("beer")
    assert (refused.value.code, refused.value.value, refused.value.place.line) == ("cell", value, line)
    assert refused.value.place.path.startswith(str(own))


@pytest.mark.slow
def test_one_series_costs_no_heavy_import() -> None:
    script = (
        "import sys; from rural_forecast.series.catalogue import load; load().get('turnover');"
        "print(*sorted({'numpy', 'pandas', 'importlib.resources'} & set(sys.modules)))"
    )
    assert python(script).strip() == ""
