"""A page made by hand with everything a page can hold."""

from rural_forecast.document.page import Chapter, Figure, Page, Section, Sheet
from rural_forecast.document.table import Column, Table
from tests.render.pictures import NASTY, fan, ranges


def table(title: str = "History and forecast") -> Table:
    columns = (
        Column("period", "Year", "year"),
        Column("kind", ""),
        Column("value", "Value", "number"),
        Column("lower_80", "80 % interval", "number"),
        Column("upper_80", "", "number", ends_range=True),
    )
    rows = ((2015, "actual", 353.0, None, None), (2018, "forecast", 786.4, 542.4, 1140.0))
    return Table(columns, rows, title=title, tones=("plain", "strong"))


def page(title: str = "Rural online shopping") -> Page:
    return Page(
        title=title,
        sheets=(
            Sheet(
                "Rural online shopping: about 786 bn yuan in 2018",
                "Four chances in five that it lies between 542 and 1,140 bn yuan",
                fan(10),
                (Figure("+17.9 % a year", "from 2016 to 2018"), Figure("446 to 1,388", "is the wider range")),
                ("What is counted.", "Amounts in bn yuan."),
                ("A risk.", NASTY),
                ("A source, 2017",),
            ),
        ),
        chapters=(
            Chapter(
                "The finding",
                (
                    Section(
                        "The forecast",
                        ("In words.",),
                        picture=fan(10),
                        tables=(table(),),
                    ),
                    Section("Models", picture=ranges(), tables=(table("Models"),)),
                    Section("Every value", tables=(table(),), folded=True),
                ),
            ),
            Chapter(NASTY, (Section(NASTY, (NASTY,), tables=(table(NASTY),)),)),
            Chapter("Method", (Section("Again", ("rural-forecast exhibit",)),)),
        ),
        byline="A. Analyst, 2026",
        credit="Made with rural-forecast.",
    )
