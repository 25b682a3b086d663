from __future__ import annotations

import csv
from math import isfinite
from pathlib import Path

import pytest

from rural_forecast.errors import InputError, UsageError
from rural_forecast.series.catalogue import VARIABLE, Catalogue, load
from rural_forecast.series.folder import FILES
from tests.programs import python

DATA = Path(__file__).parents[2] / "data"


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_row_of_the_files_is_in_a_series(catalogue: Catalogue) -> None:
    built = [catalogue.get(series_id) for series_id in catalogue.ids()]
    assert len(built) == len(rows("series.csv"))
    assert sum(len(series.observations) for series in built) == len(rows("observations.csv"))


def test_every_cell_holds_what_it_should(catalogue: Catalogue) -> None:
    for series_id in catalogue.ids():
        series = catalogue.get(series_id)
        assert series.title
        assert series.definition
        assert series.unit
        assert series.publisher
        assert set(series.related) <= set(catalogue.ids())
        for one in (*series.observations, *series.growth):
            assert isfinite(one.value)
            assert one.source in series.sources
            assert one.status == "forecast" or not (one.author or one.made or one.target)
        assert [one.period for one in series.observations] == sorted(one.period for one in series.observations)


def test_only_the_sources_a_series_uses_come_with_it(catalogue: Catalogue) -> None:
    series = catalogue.get("turnover")
    assert set(series.sources) == {one.source for one in (*series.observations, *series.growth)}
    article = series.sources["article2017"]
    assert article.publisher == "trade article of 2017, author not stated"
    assert (str(article.published_earliest), str(article.published_latest)) == ("2017-07-01", "2017-12-31")
    assert len(catalogue.sources()) == len(rows("sources.csv"))


def test_all_sources_are_used(catalogue: Catalogue) -> None:
    assert set(catalogue.sources()) == {row["source_id"] for row in rows("observations.csv")}


def test_growth_belongs_to_its_series(catalogue: Catalogue) -> None:
    growth = {str(one.period): one.value for one in catalogue.get("turnover").growth}
    assert growth == {"2016": 36.6}
    assert catalogue.get("taobao_villages").growth == ()


def test_aliases_and_case(catalogue: Catalogue) -> None:
    assert catalogue.get("mofcom").id == "rural_online_retail_mofcom"
    assert catalogue.get("Users").id == "rural_internet_users"
    assert catalogue.get("turnover").id == "rural_online_shopping_turnover"


@pytest.mark.parametrize(
    ("name", "hint"),
    [("mofcon", "mofcom"), ("rural_online_retail", "rural_online_retail_mofcom"), ("parcel", "parcels")],
)
def test_an_unknown_series_is_refused_with_a_guess(catalogue: Catalogue, name: str, hint: str) -> None:
    with pytest.raises(UsageError, match=name) as caught:
        catalogue.get(name)
    assert f"Did you mean {hint}" in caught.value.hint
    assert "rural-forecast series list" in caught.value.hint


def test_nothing_alike_gives_the_list_alone(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        catalogue.get("zzzz")
    assert caught.value.hint == "'rural-forecast series list' shows all."


def test_summaries(catalogue: Catalogue) -> None:
    by_id = {one.series_id: one for one in catalogue.summaries()}
    assert tuple(by_id) == catalogue.ids()
    turnover = by_id["rural_online_shopping_turnover"]
    assert (turnover.alias, turnover.first, turnover.last, turnover.n) == ("turnover", 2014, 2016, 3)
    assert turnover.targets == 0
    assert by_id["jingdong_bang_shops"].targets == 2
    assert by_id["rural_online_retail_mofcom"].n == 10


def test_the_digest_follows_the_data_and_not_the_line_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path)
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    before = load().digest()
    assert len(before) == 64
    path = tmp_path / "series.csv"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert load().digest() == before
    path.write_bytes(path.read_bytes().replace(b"Beer", b"Ale"))
    assert load().digest() != before


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


@pytest.mark.parametrize("column", ["title", "title_in_own_words"])
def test_sources_of_ones_own_keep_their_titles(own: Path, column: str) -> None:
    write(own, sources=f"source_id,{column}\nme,My notes\n")
    assert load().get("beer").sources["me"].title == "My notes"


def test_a_folder_of_ones_own_adds_series(own: Path) -> None:
    write(own)
    catalogue = load()
    beer = catalogue.get("beer")
    assert [one.value for one in beer.observations] == [10, 12]
    assert [one.value for one in beer.growth] == [20]
    assert beer.sources["me"].publisher == "My desk"
    assert beer.observations[0].place == f"{own / 'observations.csv'} line 2"
    assert catalogue.ids()[-2:] == ("beer", "beer_yoy")
    assert catalogue.get("turnover").observations[0].place == ""


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"observations": "series_id,period,value,source_id\nbeer,2020,ten,me\n"}, ["line 2", "column value", "'ten'"]),
        ({"observations": "series_id,period,value,source_id\nbeer,2020,1_0,me\n"}, ["line 2", "column value"]),
        ({"observations": "series_id,period,value,source_id\nbeer,2020,nan,me\n"}, ["line 2", "column value"]),
        ({"observations": "series_id,period,value,source_id\n\nbeer,2020M13,1,me\n"}, ["line 3", "column period"]),
        ({"observations": "series_id,period,value,source_id\nbeer,2020,1,you\n"}, ["line 2", "'you'", "sources.csv"]),
        ({"observations": "series_id,period,value,source_id\nbeer,2020,1,me\nbeer,2020,2,me\n"}, ["line 3", "twice"]),
        ({"observations": "series_id,period,value,source_id\nwine,2020,1,me\n"}, ["line 2", "'wine'", "series.csv"]),
        ({"observations": "series_id,period,value,source_id,unit\nbeer,2020,1,me,kg\n"}, ["line 2", "'kg'", "bn CNY"]),
        ({"observations": "series_id,period,value,source_id,status\nbeer,2020,1,me,sure\n"}, ["line 2", "'sure'"]),
        ({"observations": "series_id,period,value,source_id\nbeer,2020,1\n"}, ["line 2", "3 cells", "4"]),
        ({"observations": "series_id,period,source_id\n"}, ["line 1", "no column value"]),
        ({"sources": "source_id,published_latest\nme,May\n"}, ["line 2", "published_latest", "'May'"]),
        ({"sources": "source_id\nme\nme\n"}, ["line 3", "twice"]),
        ({"series": "series_id,title,measure,unit\nbeer,Beer,flow,kg\n"}, ["line 4", "'beer_yoy'"]),
        ({"series": "series_id,title,measure,unit\nturnover,T,flow,kg\n", "observations": ""}, ["no column"]),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(own: Path, changed: dict[str, str], words: list[str]) -> None:
    write(own, **changed)
    with pytest.raises(InputError) as caught:
        load().get("beer")
    for word in words:
        assert word in caught.value.message
    assert str(own) in caught.value.message


def test_columns_that_are_not_read_are_named(own: Path) -> None:
    observations = "series_id,period,value,source_id,stats,empty\nbeer,2021,5,me,forecast,\n"
    write(own, observations=observations)
    (note,) = load().get("beer").reading_notes
    assert str(note) == f"Left out of {own.name}/observations.csv: column 'stats' (not a column that is used)."
    assert load().get("mofcom").reading_notes == ()


def test_a_kind_of_market_is_a_column_that_is_read(own: Path) -> None:
    rows = "beer,Beer,flow,bn CNY,adoption\nbeer_yoy,Growth,growth,percent,\n"
    write(own, series=f"series_id,title,measure,unit,market_kind\n{rows}")
    beer = load().get("beer")
    assert beer.market_kind == "adoption"
    assert beer.reading_notes == ()


def test_a_wrong_measure_is_refused(own: Path) -> None:
    write(own, series="series_id,title,measure,unit\nbeer,Beer,level,kg\nbeer_yoy,Growth,growth,percent\n")
    with pytest.raises(InputError, match="'level' is not one of flow"):
        load().get("beer")


@pytest.mark.parametrize(
    ("series", "word"),
    [
        ("series_id,title,measure,unit\nrural_internet_users,U,stock,kg\n", "rural_internet_users"),
        ("series_id,title,measure,unit,alias\nbeer,B,flow,kg,turnover\n", "turnover"),
    ],
)
def test_an_id_or_alias_that_exists_is_refused(own: Path, series: str, word: str) -> None:
    write(own, series=series, observations="series_id,period,value,source_id\n")
    with pytest.raises(InputError, match=f"'{word}' exists already") as caught:
        load()
    assert "another" in caught.value.hint


def test_no_folder_and_no_file(own: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"has no series\.csv"):
        load()
    monkeypatch.setenv(VARIABLE, str(own / "nowhere"))
    with pytest.raises(InputError, match="is no folder"):
        load()


def test_other_encodings_are_refused(own: Path) -> None:
    write(own)
    (own / "series.csv").write_bytes("series_id,title,measure,unit\nbeer,啤酒,flow,kg\n".encode("gb18030"))
    with pytest.raises(InputError, match="is not UTF-8"):
        load()


@pytest.mark.slow
def test_one_series_costs_no_heavy_import() -> None:
    script = (
        "import sys; from rural_forecast.series.catalogue import load; load().get('turnover');"
        "print(*sorted({'numpy', 'pandas', 'hashlib', 'difflib', 'importlib.resources'} & set(sys.modules)))"
    )
    assert python(script).strip() == ""
