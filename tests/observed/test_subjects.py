"""Subjects that are read from titles, in the languages of the reader, and where none is read."""

from pathlib import Path

import pytest

import rural_forecast as rf
from rural_forecast.observed.observation import MARKET_KINDS
from rural_forecast.observed.subject_words import OTHER, WORDS
from rural_forecast.observed.subjects import read, says_anything
from tests.inside import Cli

TITLES = {
    "Electric cars in use, Australia": "adoption",
    "Share of households with broadband (%)": "adoption",
    "Nye elbiler registrert": "adoption",
    "网上零售额": "adoption",
    "전기차 등록대수": "adoption",
    "Resident population by canton": "population",
    "Численность населения на 1 января": "population",
    "Ständige Wohnbevölkerung": "population",
    "عدد السكان": "population",
    "GDP at market prices, million euro": "economy",
    "Revenu disponible brut": "economy",
    "Household consumption expenditure on clothing": "spending",
    "社会消费品零售总额": "retail",
    "Einzelhandelsumsatz": "retail",
    "Manufacturing, value added (current US$)": "manufacturing",
    "Milk production": "agriculture",
    "Unemployment rate (%)": "share",
    "Compensation of employees, million euro": "economy",
    "Average wages of full-time employees": "economy",
    "Persons employed in retail trade": "population",
    "Legal services": "services",
    "Agriculture, value added (% of GDP)": "share",
    "Доля городского населения": "share",
}


@pytest.mark.parametrize(("title", "subject"), TITLES.items(), ids=TITLES)
def test_a_title_says_its_subject(title: str, subject: str) -> None:
    assert read([title]) == subject


HEADS = {
    "Wages and salaries of employees": "economy",
    "Wage and salaried workers, total": "population",
    "Number of employees in farming, by industry": "population",
    "Employment by sex, age and income": "population",
    "Turnover of restaurants": "services",
    "Production of milk": "agriculture",
    "Coffee shops revenue": "services",
    "Sales of food stores": "retail",
    "Households with broadband": "adoption",
    "Use of smartphones by households": "adoption",
    "[Population 15 years of age and over]": "population",
    "Resident population mid-year estimate": "population",
    "% of the population at risk": "share",
    "Employment in farming as a share of all": "share",
    "Nombre d'utilisateurs d'internet": "adoption",
    "Erwerbstätige nach Einkommen": "population",
    "Оборот розничной торговли по регионам": "retail",
    "İllere göre nüfus": "population",
    "就业人员平均工资": "economy",
    "農業就業人口": "population",
    "고용률 (%)": "share",
}


@pytest.mark.parametrize(("title", "subject"), HEADS.items(), ids=HEADS)
def test_the_head_of_a_title_says_its_subject(title: str, subject: str) -> None:
    assert read([title]) == subject


@pytest.mark.parametrize(
    "title",
    [
        "Median age of the population",
        "Hours worked in manufacturing",
        "Bewertung der Lebensqualität nach Einkommensklasse",
        "Intensité des flux rapportée à la population",
        "Body mass index by income quintile",
        "Agricultural land",
        "Fish shops",
        "Deposits (population)",
        "Employees per enterprise",
        "Beschäftigte je Betrieb",
        "人口年龄结构和抚养比",
        "农业机械总动力",
        "Доходы консолидированного бюджета",
    ],
)
def test_words_outside_of_the_head_say_no_subject(title: str) -> None:
    assert read([title]) == ""


def test_parts_of_a_title_have_heads_of_their_own() -> None:
    assert read(["Median age, by income - Employment"]) == "population"


@pytest.mark.parametrize("title", ["y", "value", "North", "N1234", "Norway", "2020", "系列", "x y"])
def test_a_name_that_says_nothing_has_no_subject(title: str) -> None:
    assert read([title]) == ""


@pytest.mark.parametrize(
    "title",
    [
        "GDP growth (annual %)",
        "Tariff rate, all products (%)",
        "Statements of income - USD ($) shares in Millions",
        "Price of solar panels",
        "CO2 emissions from agriculture",
        "Deaths per 100,000 inhabitants",
        "Electricity use of households",
        "Wheat exports",
        "Government consumption",
        "Cobalt mined",
        "Transportation services",
        "Food purchased for consumption at home",
        "Government final consumption expenditure",
        "Bevölkerungsdichte",
        "Экспорт товаров, млрд долларов США",
        "Долги населения",
        "Durchschnittsalter der Bevölkerung",
        "Arbeitslose im Dienstleistungssektor",
        "External balance on goods and services",
        "PPP conversion factor, private consumption",
    ],
)
def test_a_title_that_is_not_sure_has_no_subject(title: str) -> None:
    assert read([title]) == ""


def test_a_definition_counts_where_the_title_says_nothing() -> None:
    assert read(["Table 3"], definition="Retail sales of shops") == "retail"
    assert read(["Wheat exports"], definition="Retail sales of shops") == ""


def test_every_subject_has_words_of_its_own() -> None:
    assert WORDS.keys() == {*MARKET_KINDS, OTHER}


def test_texts_without_words_of_subjects_are_known_at_once() -> None:
    assert not says_anything(f"N{number}" for number in range(100))
    assert says_anything(["N1", "milk"])


def test_a_word_that_begins_a_phrase_says_nothing_without_the_rest_of_it() -> None:
    assert not says_anything(["value", "N1"])
    assert says_anything(["value", "added"])


@pytest.mark.parametrize("name", ["y", "North", "value"])
def test_a_name_that_says_nothing_leaves_the_numbers(cli: Cli, name: str) -> None:
    rows = "2019,6718\n2020,6900\n2021,20665\n2022,39353\n2023,98436\n"
    named = cli("project", "-", "--format", "csv", stdin=f"year,{name}\n{rows}").out
    plain = cli("project", "-", "--format", "csv", "--kind", "none", stdin=f"year,x\n{rows}").out
    numbers = [line.split(",")[4:] for line in named.splitlines()[1:]]
    assert numbers == [line.split(",")[4:] for line in plain.splitlines()[1:]]


def test_a_file_name_is_no_title(tmp_path: Path) -> None:
    file = tmp_path / "electric_cars.csv"
    file.write_text("year,value\n2019,10\n2020,15\n2021,22\n2022,33\n")
    assert rf.forecast(rf.read(file)).subject is None
