"""What a person typed, read."""

import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker import typed

FIT = st.decimals(min_value=Decimal("-99999999999.9999"), max_value=Decimal("99999999999.9999"), places=4)


@given(FIT)
def test_every_number_that_fits_is_read_as_itself(value: Decimal) -> None:
    assert typed.read({"value": f"{value:f}"}).columns == {"value": value}
    assert typed.read({"value": f"{value:,f}"}).columns == {"value": value}
    assert typed.read({"value": value}).columns == {"value": value}


def unseen(c: str) -> bool:
    return (
        unicodedata.category(c) == "Cc"
        or unicodedata.bidirectional(c) in ("LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI")
        or c in "\ufffe\uffff"
    )


def test_what_nobody_sees_is_not_kept() -> None:
    assert typed.read({"progress": "开\x07通\u202e\x1b[0m\r\n站址\r协调\tA\ufffe"}).columns == {"progress": "开通[0m\n站址\n协调\tA"}


@given(st.text())
def test_nothing_typed_is_lost_and_nothing_breaks(text: str) -> None:
    read = typed.read({"value": text, "cut_off": text, "until_on": text, "source": text, "progress": text, "steps": {1: text}})
    kept = "".join(c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c in "\t\n" or not unseen(c)).strip()

    assert read.columns["progress"] == kept
    assert read.columns["value"] is not None or read.typed["value"] == kept
    assert read.columns["source"] == kept or read.typed["source"] == kept
    assert read.columns["until_on"] is not None or read.typed["until_on"] == kept


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("１，５００．5", "1500.5"), ("1 500", "1500"), ("12\u202f345", "12345"), ("− 3", "-3"), ("－３", "-3"), ("　7　", "7"), ("-0", "0"), ("−0.00", "0"),
        ("10²", None), ("①", None), ("1 2", None), ("1500 1", None), ("½", None), ("Ⅳ", None), ("٣٤", None), ("85%", None), ("1_000", None), ("1,23", None),
        ("9" * 1_000_001, None),
    ],
)  # fmt: skip
def test_a_number_is_read_as_it_is_meant_or_not_at_all(text: str, value: str | None) -> None:
    assert str(typed.number(text)) == str(value)
    assert typed.read({"value": text}).columns == {"value": None if value is None else Decimal(value)}


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-09-30", dt.date(2022, 9, 30)), ("2022/9/30", dt.date(2022, 9, 30)), ("２０２２年９月３０日", dt.date(2022, 9, 30)), ("2022.9.30", dt.date(2022, 9, 30)),
        ("2022-09-31", None), ("22-9-30", None), ("9月30日", None), ("", None), ("0000-01-01", None),
    ],
)  # fmt: skip
def test_a_day_is_read_in_the_writings_of_the_trade(text: str, day: dt.date | None) -> None:
    assert typed.day(text) == day


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1e300"), Decimal("1e-300"), Decimal(10**11)])
def test_a_number_that_cannot_be_stored_is_kept_as_text(value: Decimal) -> None:
    assert typed.read({"value": value}).columns == {"value": None}
    assert typed.read({"value": value}).typed == {"value": str(value)}


def test_a_choice_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'maybe' is not a valid ProgressReport\.Answer"):
        typed.read({"answer": "maybe"})
