"""Values as publishers write them: each form is the number it says, with its unit, or it is
refused.
"""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rural_forecast.errors import InputError, Problem
from rural_forecast.observed.reading.amounts import (
    Notation,
    amount,
    is_missing,
    is_number,
    notation_of,
    value_of,
)
from tests.observed.reading.reading import from_text, points

_SIGNS = ": .. ... … - -- – n/a NA xxx * x c z (D) ."
MARKERS = [*_SIGNS.split(), "no data", "", " "]


def rows(*values: str, head: str = "value", sign: str = ",") -> str:
    lines = [f'{year}{sign}"{value}"' for year, value in enumerate(values, 2015)]
    return "\n".join([f"year{sign}{head}", *lines, ""])


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_is_missing_at_the_ends(marker: str) -> None:
    (series,) = from_text(rows(marker, "1.5", "2.5", marker))
    assert points(series) == {"2016": 1.5, "2017": 2.5}


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_is_a_gap_inside(marker: str) -> None:
    with pytest.raises(InputError, match=r"2016 is missing|must be|is not a number"):
        from_text(rows("1.5", marker, "2.5"))
    assert points(from_text(rows("1.5", marker, "2.5"), allow_gaps=True)[0]) == {
        "2015": 1.5,
        "2017": 2.5,
    }


@pytest.mark.parametrize("marker", [*MARKERS, "O12", "see note"])
def test_what_stands_in_a_series_that_is_not_chosen_does_not_matter(marker: str) -> None:
    text = f'Table 1\n\nname,2019,2020,2021\na,1,2,3\nb,4,"{marker}",6\n'
    assert points(from_text(text, series_id="a")[0]) == {"2019": 1, "2020": 2, "2021": 3}


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        *(
            ("$41.2", 41.2, "$"),
            ("US$ 1.2bn", 1.2, "US$ bn"),
            ("USD 12", 12, "USD"),
            ("€12", 12, "€"),
            ("12 €", 12, "€"),
        ),
        *(
            ("12.5 million USD", 12.5, "USD million"),
            ("¥12亿", 12, "¥ 亿"),
            ("12万", 12, "万"),
            ("12亿元", 12, "亿元"),
        ),
        *(("41 %", 41, "%"), ("41％", 41, "%"), ("12 Mio.", 12, "Mio."), ("($1.2)", -1.2, "$")),
        *((text, 1234, "") for text in ("1 234", "1\u2009234", "１２３４")),
        *((text, 1234.5, "") for text in ("1\u00a0234.5", "1'234.5")),
        *(
            (text, 12.5, "")
            for text in ("12.5*", "12.5(a)", "12.5 [12]", "12.5¹", "12.5 2)", "12.5 b")
        ),
        *(("(0.2)", -0.2, ""), ("1,234-", -1234, "")),
    ],
)
def test_forms_of_numbers(text: str, value: float, unit: str) -> None:
    (series,) = from_text(rows(text, text, text) if unit else rows(text, "10.5", "20.5"))
    assert (series.observations[0].value, series.unit) == (value, unit)


def test_what_is_no_number_is_refused() -> None:
    odd = (
        "1O2",
        "l2",
        "2l",
        "12 34",
        "1.2.3",
        "12/13",
        "12-13",
        "(3)",
        "12 (13)",
        "1,2,3",
        "5 - 6",
        "-(1.5)",
        "十二",
    )
    for text in odd:
        with pytest.raises(InputError):
            from_text(rows("10.5", text, "20.5"))


FORMS = [
    "{:.2f}",
    "{:,.2f}",
    "$ {:,.2f}",
    "{:,.2f} %",
    "{:,.2f}*",
    "{:,.2f} (a)",
    "{:,.2f}bn",
    "{:,.2f}²",
]
FORMS += ["US${:.2f}m", "{:.2f}亿元"]
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


@given(st.integers(-(10**11), 10**11), st.sampled_from(FORMS))
def test_a_number_reads_back_in_every_form(cents: int, form: str) -> None:
    text = form.format(cents / 100).replace("$ -", "-$ ").replace("US$-", "-US$")
    body = amount(text).body
    notation = notation_of({body: "", "0.5": ""}, None)
    assert abs(value_of(body, notation) - cents / 100) <= 1e-15 * abs(cents / 100)
    assert is_number(text)


@given(st.integers(1, 10**11))
def test_a_number_reads_back_in_other_signs(cents: int) -> None:
    plain = f"{cents / 100:,.2f}"
    swapped = plain.translate(str.maketrans(",.", ".,"))
    for text in (swapped, f"€ {swapped}", swapped.replace(".", "\u202f"), plain.translate(WIDE)):
        body = amount(text).body
        notation = notation_of({body: "", text[-4:]: ""}, None, ";")
        assert value_of(body, notation) == cents / 100
    if cents >= 10:
        for text in (f"({plain})", f"{plain}-", f"($ {plain})"):
            assert value_of(amount(text).body, Notation(".", ",")) == -cents / 100


@given(st.text("0123456789.,'- ()[]$€%*abepxOlm万亿¹²", min_size=1, max_size=14))
def test_no_text_is_read_as_a_different_number(text: str) -> None:
    """The digits of what is read are the digits that stand there, in their order, a footnote
    excepted.
    """
    bare = amount(text).body
    if bare is None:
        assert is_missing(text)
        return
    for notation in (Notation(), Notation(".", ","), Notation(",", ".")):
        value = value_of(bare, notation)
        if isinstance(value, Problem):
            continue
        body = text
        if not re.match(r"\s*[-+$€ ]*\(", text):  # no footnote, but a negative number
            body = re.sub(r"(\*+|[¹²]+|\s\d\)|[(\[][^()\[\]]*[)\]])+\s*$", "", text)
        if re.search(r"[eE][+-]?\d", bare):  # a number such as 1e5
            continue
        digits = re.sub(r"\D", "", body.replace("¹", "").replace("²", ""))
        candidates = {int(digits) / 10**places for places in range(len(digits) + 1)}
        assert any(abs(abs(value) - one) <= 1e-12 * max(1.0, one) for one in candidates), (
            text,
            value,
        )


@pytest.mark.parametrize("values", [["1.034"], ["1.034", "1.101"], ["950", "1.034"]])
def test_a_point_before_three_digits_is_unclear_where_semicolons_part_the_cells(
    values: list[str],
) -> None:
    with pytest.raises(InputError, match="may be the decimal mark or part the thousands"):
        from_text(rows(*values, sign=";"))
    assert points(from_text(rows(*values))[0])[str(2014 + len(values))] < 2


@pytest.mark.parametrize("side", ["DR", "CR", "Dr", "Cr.", "cr"])
def test_the_side_of_an_account_is_no_flag(side: str) -> None:
    with pytest.raises(InputError, match="debit or a credit"):
        from_text(rows("16.50", f"17.50 {side}", f"18.50 {side}"))


def test_later_numbers_are_read_by_the_notation_of_those_before() -> None:
    whole = notation_of(["950"], None, ";")
    points_shown = notation_of(["12.5"], None, ";")
    commas_shown = notation_of(["12,5"], None, ";")
    either = notation_of(["1.034"], None, ";")
    assert whole.then(commas_shown) == commas_shown
    assert points_shown.then(either) == points_shown
    assert commas_shown.then(whole) == commas_shown
    for joined in (whole.then(either), points_shown.then(commas_shown)):
        assert joined.unclear is not None


@pytest.mark.parametrize("text", ["s123", "a1", "R 5", "US12", "HK7"])
def test_the_letters_of_a_dollar_make_no_number_of_a_label(text: str) -> None:
    assert not is_number(text)
    assert is_number(f"{text.rstrip('0123456789 ')}$12".upper())


def test_numbers_grouped_as_in_india_are_read() -> None:
    (series,) = from_text(rows("98,500", "4,33,881", "42,37,74,881.5"))
    assert [*points(series).values()] == [98_500, 433_881, 423_774_881.5]


def test_a_number_grouped_as_in_india_among_others_is_refused_with_a_way_out() -> None:
    with pytest.raises(InputError) as caught:
        from_text(rows("4,123,881", "4,33,881", "5,553,881"))
    assert caught.value.value == "4,33,881"
    assert "without signs between their digits" in caught.value.hint
