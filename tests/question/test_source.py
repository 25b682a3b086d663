"""The source that a SOURCE names: parsed once, for every room below."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from rural_forecast.errors import UsageError
from rural_forecast.observed.reading import ReadOptions
from rural_forecast.question.source import Source, read, with_total

PARSED = {
    "mofcom": ("", None, "catalogue"),
    "mofcom::North": ("", None, "catalogue"),
    "--": ("", None, "catalogue"),
    "two.csv:west": ("", None, "catalogue"),
    "sales.csv": ("sales.csv", None, "text"),
    "SALES.XLSX": ("SALES.XLSX", None, "excel"),
    "sales.parquet": ("sales.parquet", None, "parquet"),
    "./sales": ("./sales", None, "text"),
    "page.html": ("page.html", None, "text"),
    "C:\\sales.csv": ("C:\\sales.csv", None, "text"),
    "sales.csv::North": ("sales.csv", "North", "text"),
    "sales.csv:: North ": ("sales.csv", "North", "text"),
    "-": ("-", None, "text"),
    "-::North": ("-", "North", "text"),
    "/dev/stdin": ("-", None, "text"),
    "::North": ("", "North", "text"),
}


@pytest.mark.parametrize("name", PARSED)
def test_a_source_is_parsed_to_its_parts(name: str) -> None:
    source = Source.parse(name)
    assert (source.path, source.series, source.kind) == PARSED[name]
    assert source.is_file == (source.kind != "catalogue")
    assert source.name == name


def test_a_path_is_a_file_whatever_its_name() -> None:
    assert Source.parse("sales").kind == "catalogue"
    assert Source.parse(Path("sales")).kind == "text"


def test_a_source_is_its_own_parse() -> None:
    source = Source.parse("sales.csv::North")
    assert Source.parse(source) is source


def test_a_source_is_frozen() -> None:
    with pytest.raises(FrozenInstanceError):
        Source.parse("mofcom").path = "sales.csv"  # type: ignore[misc]


@pytest.mark.usefixtures("here")
def test_a_file_whose_name_has_the_sign_is_a_file() -> None:
    Path("a.csv::b").write_text("year,value\n2020,1\n2021,2\n")
    assert Source.parse("a.csv::b").series is None
    assert [seen.value for seen in read("a.csv::b").observations] == [1, 2]


BESIDE = {
    ("::North", "sales.csv::South"): "sales.csv::North",
    ("::North", "-"): "-::North",
    ("::North", "mofcom"): "::North",
    ("other.csv::North", "sales.csv"): "other.csv::North",
    ("mofcom", "sales.csv"): "mofcom",
}


@pytest.mark.parametrize(("named", "main"), BESIDE)
def test_a_series_of_the_same_file_is_one_of_the_main_file(named: str, main: str) -> None:
    source = Source.parse(named).beside(Source.parse(main))
    assert source == (
        Source.parse(BESIDE[named, main])
        if source.path
        else Source(BESIDE[named, main], series=source.series)
    )


@pytest.mark.parametrize("name", ["::North", "sales.csv::"])
def test_a_source_without_its_file_or_series_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match=r"names no (file|series)"):
        Source.parse(name).read()


def test_two_series_are_refused() -> None:
    with pytest.raises(UsageError, match="choose two series"):
        Source.parse("sales.csv::North").read(ReadOptions(series_id="South"))


def test_one_series_is_no_whole_file() -> None:
    assert Source.parse("sales.csv").whole_file == "sales.csv"
    with pytest.raises(UsageError, match="names one series"):
        _ = Source.parse("sales.csv::North").whole_file


@pytest.mark.usefixtures("here")
def test_the_total_that_a_file_names_is_read_once() -> None:
    rows = "a,2020,1,b\na,2021,2,b\nb,2020,5,\nb,2021,6,\n"
    Path("parts.csv").write_text(f"series_id,year,value,within\n{rows}")
    part = read("parts.csv::a")
    assert part.total is None, "where the series is read, nothing else is"
    whole = with_total(part).total
    assert whole is not None
    assert [seen.value for seen in whole.observations] == [5, 6]
    assert with_total(whole) is whole
