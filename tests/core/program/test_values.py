"""The small values of the format: what is written is what is read, and anything else is refused in plain words."""

import pytest

from sayso.core.program.values import Duration, Limit, Money, MoneyLimit, Percent, Rate, minor_digits


@pytest.mark.parametrize(("currency", "digits"), [("EUR", 2), ("USD", 2), ("JPY", 0), ("KWD", 3), ("CLF", 4)])
def test_minor_digits_follow_iso_4217(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits


@pytest.mark.parametrize(
    ("kind", "written", "read"),
    [
        (Duration, "6w", Duration(days=42)),
        (Duration, "1 year", Duration(months=12)),
        (Duration, "48h", Duration(hours=48)),
        (Money, "2.50 EUR", Money(250, "EUR")),
        (Money, "20 JPY", Money(20, "JPY")),
        (Percent, "2.5%", Percent(250)),
        (Rate, "3 per 2 EUR", Rate(3, Money(200, "EUR"))),
        (Limit, "10 per quarter", Limit(10, "quarter")),
        (Limit, "2 per 90d", Limit(2, Duration(days=90))),
        (MoneyLimit, "50 EUR per month", MoneyLimit(Money(5000, "EUR"), "month")),
    ],
)
def test_a_value_is_read_and_written_back(kind: type[Money], written: str, read: object) -> None:
    assert kind.parse(written) == read
    assert kind.parse(str(read)) == read


@pytest.mark.parametrize(
    ("kind", "written"),
    [
        (Duration, "soon"),
        (Money, "2.505 EUR"),
        (Money, "20.5 JPY"),
        (Money, "-3 EUR"),
        (Percent, "half"),
        (Percent, "0.001%"),
        (Rate, "1 per 0 EUR"),
        (Limit, "ten"),
        (MoneyLimit, "50 per month"),
    ],
)
def test_anything_else_is_refused(kind: type[Money], written: str) -> None:
    with pytest.raises(ValueError, match=r"write for example|decimals|no meaning"):
        kind.parse(written)


@pytest.mark.parametrize("text", ["101 years", "1201 months", "99999d", "99999w", "99999 months"])
def test_a_length_of_time_ends_before_the_calendar_does(text: str) -> None:
    with pytest.raises(ValueError, match="longer than 100 years"):
        Duration.parse(text)
