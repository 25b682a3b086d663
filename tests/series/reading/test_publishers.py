"""Downloads of publishers in small: what each gives without options, or with those that its refusal names."""

import re
import shlex
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from typing import NamedTuple

import pytest

from rural_forecast.cli.app import as_option
from rural_forecast.errors import RuralForecastError, spelling
from rural_forecast.series.observation import Series
from rural_forecast.series.reading import ReadOptions, read_one


class Download(NamedTuple):
    """A file, and the series that it gives after the refusals that are named."""

    text: str
    points: dict[str, float]
    unit: str = ""  # empty where it is not looked at
    asked: int = 0  # refusals until then, each answered with the first option of its hint
    encoding: str = "utf-8"


DOWNLOADS = {
    "ECB": Download(
        "DATE,TIME PERIOD,GDP at market prices (MNA.A.N.I9.W2.S1)\n2021-12-31,2021,9.5\n2022-12-31,2022,9.75\n",
        {"2021": 9.5, "2022": 9.75},
    ),
    "UNCTAD": Download(
        '"Year","Economy","Economy Label","Flow","Flow Label","US$ in millions","Footnote"\n'
        '2021,"0000","World","02","Exports",5,\n2022,"0000","World","02","Exports",6,\n'
        '2021,"156","China","02","Exports",3,\n2022,"156","China","02","Exports",4,\n',
        {"2021": 5, "2022": 6},
        asked=1,
    ),
    "OWID": Download(
        "Entity,Code,Year,Electricity,World region\nAfrica,,2022,5,\nAfrica,,2023,6,\n"
        "Kenya,KEN,2022,1,\nKenya,KEN,2023,2,Africa\n",
        {"2022": 5, "2023": 6},
        asked=2,
    ),
    "WHO": Download(
        "Indicator,Location,Period,IsLatestYear,Dim1,FactValueNumeric,FactValueNumericLow,Value\n"
        + "".join(
            f"Life,{place},{year},{str(year == 2021).lower()},{sex},{n}.5,{n - 1},{n}.5 [{n - 1}-{n + 1}]\n"
            for n, (place, sex) in enumerate(
                [("Kenya", "Male"), ("Kenya", "Both"), ("Mali", "Male"), ("Mali", "Both")], 60
            )
            for year in (2019, 2020, 2021)
        ),
        {"2019": 60.5, "2020": 60.5, "2021": 60.5},
        asked=1,
    ),
    "Statistics Canada": Download(
        '"REF_DATE","GEO","DGUID","NAPCS","UOM","SCALAR_FACTOR","VECTOR","COORDINATE","VALUE","STATUS","DECIMALS"\n'
        + "".join(
            f'"{y}","{g}","A{g}","{n}","Dollars","thousands","v{i}","1.{i}","{y + i}","","0"\n'
            for i, (g, n) in enumerate(
                [("Canada", "Total"), ("Canada", "Food"), ("Ontario", "Total"), ("Ontario", "Food")]
            )
            for y in (2020, 2021)
        ),
        {"2020": 2020, "2021": 2021},
        "thousands of Dollars",
        asked=1,
    ),
    "Stats NZ": Download(
        "Series_reference,Period,Data_value,Suppressed,STATUS,UNITS,Magnitude,Series_title_1\n"
        "R.SFA,2021.03,5.5,,FINAL,Dollars,6,Actual\nR.SFA,2022.03,6.5,,FINAL,Dollars,6,Actual\n",
        {"2021": 5.5, "2022": 6.5},
        "Dollars",
    ),
    "Destatis": Download(
        '"time_code";"time";"1_variable_code";"1_variable_attribute_code";"1_variable_attribute_label";"value";"value_unit"\n'
        '"JAHR";"2021";"DLAND";"09";"Bayern";"5,25";"Mio. EUR"\n"JAHR";"2022";"DLAND";"09";"Bayern";"6,5";"Mio. EUR"\n'
        '"JAHR";"2021";"DLAND";"11";"Berlin";"1,5";"Mio. EUR"\n"JAHR";"2022";"DLAND";"11";"Berlin";"2,5";"Mio. EUR"\n',
        {"2021": 5.25, "2022": 6.5},
        asked=1,
    ),
    "Eurostat": Download(
        "freq,unit,geo\\TIME_PERIOD\t2021 \t2022 \t2023 \nA,EUR,AT\t5.5 \t6 b\t7 p\nA,EUR,FR\t: \t8 \t9 \n",
        {"2021": 5.5, "2022": 6, "2023": 7},
        "EUR",
        asked=1,
    ),
    "IMF": Download(
        "Country\tSubject\tUnits\tScale\t2021\t2022\t2023\tEstimates Start After\n"
        "Kenya\tGDP\tShillings\tBillions\t5\t6\t7\t2022\n"
        "Mali\tGDP\tFrancs\tBillions\t1\t2\t--\t2022\n\nInternational Monetary Fund\n",
        {"2021": 5, "2022": 6},
        asked=1,
        encoding="utf-16",
    ),
    "Census": Download(
        "Annual sales\n[millions of dollars]\n\nCode,Kind,2022,2021r,2020r\n44,Retail,7,6,5\n45,Stores,(S),4,3\n",
        {"2020": 5, "2021": 6, "2022": 7},
        "millions of dollars",
        asked=1,
    ),
    "BLS": Download(
        "Consumer prices\n\nYear,Jan,Feb,Mar,Apr,May,Jun,Jul,Aug,Sep,Oct,Nov,Dec,Annual,HALF1,HALF2\n"
        + "".join(f"{y},1,2,3,4,5,6,7,8,9,10,11,12,{y - 2000},{y - 1990},6\n" for y in (2021, 2022, 2023)),
        {"2021": 21, "2022": 22, "2023": 23},
    ),
    "Bank of England": Download("Date,XUAAUSS\n31 Dec 21,1.25\n31 Dec 22,1.5\n", {"2021": 1.25, "2022": 1.5}),
    "KOSIS": Download(
        '"시도별","단위","2021 년","2022 년","2023 년"\n"전국","십억원",5,6,7\n"서울특별시","십억원",1,2,-\n',
        {"2021": 5, "2022": 6, "2023": 7},
        "십억원",
        asked=1,
        encoding="cp949",
    ),
    "PSD": Download(
        "Commodity,Country_Name,Market_Year,Calendar_Year,Month,Attribute_Description,Unit,Value\n"
        + "".join(
            f"{crop},{place},{y},{y + y % 2},{y % 12 + 1:02d},{what},(1000 MT),{y - 1900 + n}\n"
            for n, (crop, place, what) in enumerate(
                product(("Corn", "Rice"), ("Brazil", "India"), ("Stocks", "Exports"))
            )
            for y in range(2001, 2009)
        ),
        {str(y): y - 1900 for y in range(2001, 2009)},
        asked=1,
    ),
    "Penn World Table": Download(
        "code,country,year,pop,emp,i_cig,member\n"
        + "".join(
            f"{place[:3].upper()},{place},{y},{y - 1900 + n}.5,{y - 50}.5,{'Interpolated' if y % 3 else 'Benchmark'},"
            f"{int(y > 2003 and n > 0)}\n"
            for n, place in enumerate(("Brazil", "France"))
            for y in range(2000, 2008)
        ),
        {str(y): y - 1900 + 0.5 for y in range(2000, 2008)},
        asked=1,
    ),
    "INEGI": Download(
        "Producto interno bruto\nMillones de pesos\n\n"
        "Concepto,2021,2022r/,2023p/,20241)\n(1),(2),(3),(4),(5)\nTotal,5,6,7,8\n",
        {"2021": 5, "2022": 6, "2023": 7, "2024": 8},
    ),
    "Statistics Sweden": Download(
        "region,06265: Dwellings 2021,06265: Dwellings 2022\nSweden,5,6\nLund,1,2\n", {"2021": 5, "2022": 6}, asked=1
    ),
    "CEIC": Download(
        "Series,Retail sales\nRegion,China\nUnit,RMB bn\nSource,Office\n12/2021,5\n12/2022,6\n", {"2021": 5, "2022": 6}
    ),
    "office of Egypt": Download("السنة,القيمة\n٢٠٢١,١٬٢٠٠٫٥\n٢٠٢٢,١٬٣٠٠\n", {"2021": 1200.5, "2022": 1300}),
    "annual report": Download(
        "Five-year summary\t\t\t\n(EUR million)\t2024\t2023\t2022\nRevenue\t12,345\t11,998\t1,004\n"
        "Margin (%)\t2.9%\t9.0%\t–\n",
        {"2022": 1004, "2023": 11998, "2024": 12345},
        "EUR million",
        asked=1,
    ),
}


@pytest.fixture(autouse=True)
def options_as_typed() -> Iterator[None]:
    token = spelling.set(as_option)
    yield
    spelling.reset(token)


@pytest.mark.parametrize("name", DOWNLOADS)
def test_a_download_is_read_by_following_the_hints(name: str) -> None:
    one = DOWNLOADS[name]
    given: dict[str, list[str]] = {}
    for _ in range(one.asked):
        with pytest.raises(RuralForecastError) as caught:
            _read(one, given)
        _follow(caught.value.hint, given)
    series = _read(one, given)
    history = {str(seen.period): seen.value for seen in series.observations if seen.status != "forecast"}
    assert history == one.points
    assert not one.unit or series.unit == one.unit
    if name == "IMF":
        assert not any("Estimates" in str(note) for note in series.reading_notes), "it is used"


def _read(one: Download, given: dict[str, list[str]]) -> Series:
    options = ReadOptions(
        series_id=next(reversed(given.get("--series", [])), None),
        value_column=next(iter(given.get("--value-column", [])), None),
        where=tuple(given.get("--where", ())),
    )
    return read_one("-", options, BytesIO(one.text.encode(one.encoding)))


def _follow(hint: str, given: dict[str, list[str]]) -> None:
    """Add the first options of a hint, as a shell takes them."""
    typed = re.split(r", say| or |\.$", hint[hint.index("--") :])[0]
    words = shlex.split(typed)
    for option, value in zip(words[::2], words[1::2], strict=True):
        given.setdefault(option, []).append(value)
