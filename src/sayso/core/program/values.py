"""The small values of the document format: durations, money, shares, rates and limits.

Owns how each is written and read. It must not know the document that holds them, nor the calendar
that turns a duration into a date.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, NamedTuple

Period = Literal["hour", "day", "week", "month", "quarter", "year"]
PERIODS: tuple[Period, ...] = ("hour", "day", "week", "month", "quarter", "year")

_DURATION = re.compile(r"(\d{1,5})\s*(h|hours?|d|days?|w|weeks?|months?|y|years?)")
# A hundred years, in each unit by its first letter.
_LONGEST = {"h": 876_600, "d": 36_525, "w": 5_218, "m": 1_200, "y": 100}
_MONEY = re.compile(r"(\d{1,12})(?:\.(\d{1,4}))?\s+([A-Z]{3})")
_MUCH_MONEY = re.compile(r"\d{13,}(?:\.\d*)?\s+[A-Z]{3}")
_PERCENT = re.compile(r"(\d{1,3})(?:\.(\d{1,4}))?\s*%")
_RATE = re.compile(r"(\d{1,9})\s+per\s+(\d{1,9}(?:\.\d{1,3})?\s+[A-Z]{3})")
_LIMIT = re.compile(r"(\d{1,12})(?:\s+per\s+(.+))?")
_MONEY_LIMIT = re.compile(r"(\d{1,12}(?:\.\d{1,3})?\s+[A-Z]{3})\s+per\s+(.+)")

_WITHIN = re.compile(r"(\d{1,12})\s+(?:within|in|every|/)\s+(\d{1,5}\s*(?:d|w|h|months?|days?|weeks?))")
_NEARLY_MONEY = re.compile(r"(?:([A-Za-z]{3}|[€£])\s*)?(\d[\d.,]*)\s*([A-Za-z]{3}|[€£])?")
_SIGNS = {"€": "EUR", "£": "GBP"}
_BARE_NUMBER = re.compile(r"\d[\d.,]*")
# What a period is called by whoever writes a program in their own language.
_CALLED: dict[str, Period] = {
    **dict.fromkeys(("hours", "hourly", "hora", "ora", "uur"), "hour"),
    **dict.fromkeys(("days", "daily", "día", "dia", "giorno", "dag"), "day"),
    **dict.fromkeys(("weeks", "weekly", "semana", "settimana"), "week"),
    **dict.fromkeys(("months", "monthly", "mes", "mese", "maand"), "month"),
    **dict.fromkeys(("quarters", "quarterly", "trimestre", "kwartaal"), "quarter"),
    **dict.fromkeys(("years", "yearly", "año", "anno", "jaar"), "year"),
}

# ISO 4217 currencies whose minor unit is not a hundredth.
_BY_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {currency: digits for digits, currencies in _BY_DIGITS.items() for currency in currencies.split()}


def money_meant(text: str) -> str:
    """An amount as it is written here, where `3,00 EUR`, `€20` or `20eur` says plainly what was meant; else nothing."""
    match = _NEARLY_MONEY.fullmatch(text.strip())
    sign = (match[1] or match[3] or "") if match else ""
    number = _number_meant(match[2]) if match and not (match[1] and match[3]) else ""
    return f"{number} {_SIGNS.get(sign, sign.upper())}" if sign and number else ""


def _number_meant(digits: str) -> str:
    """A number with a point before its decimals, whichever sign parts its thousands."""
    last = max(digits.rfind("."), digits.rfind(","))
    head, tail = re.sub("[.,]", "", digits[:last]), digits[last + 1 :]
    if last < 0:
        return digits
    if len(tail) == 3 and len(set(re.sub(r"\d", "", digits))) == 1:
        return head + tail
    return f"{head}.{tail}" if tail else ""


def minor_digits(currency: str) -> int:
    """How many decimals the currency's minor unit has, by ISO 4217."""
    return _DIGITS.get(currency, 2)


class Duration(NamedTuple):
    """A length of calendar time: whole months, whole days, and hours for what is shorter than a day.

    A tuple, because the calendar looks its answers up by it for each event.
    """

    months: int = 0
    days: int = 0
    hours: int = 0

    @classmethod
    def parse(cls, text: str) -> "Duration":
        """Read `30d`, `6w`, `12 months`, `1 year` or `48h`.

        Raises:
            ValueError: it is written differently, or so long that the calendar ends before it does.
        """
        match = _DURATION.fullmatch(text.strip())
        if not match:
            bare = text.strip().removeprefix("within ").strip()
            meant = bare if _DURATION.fullmatch(bare) else "for example 30d, 6w, 12 months or 48h"
            raise ValueError(f"{text!r} is not a length of time; write {meant}")
        count, unit = int(match[1]), match[2][0]
        if count > _LONGEST[unit]:
            raise ValueError(f"{text!r} is longer than 100 years")
        if unit == "h":
            return cls(hours=count)
        if unit in "dw":
            return cls(days=count * (7 if unit == "w" else 1))
        return cls(months=count * (12 if unit == "y" else 1))

    def __str__(self) -> str:
        if self.months:
            return f"{self.months} months" if self.months != 1 else "1 month"
        return f"{self.hours}h" if self.hours else f"{self.days}d"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the currency's minor unit."""

    minor: int
    currency: str

    @classmethod
    def parse(cls, text: str) -> "Money":
        """Read `20 EUR` or `2.50 EUR`.

        Raises:
            ValueError: it is written differently, or has more decimals than the currency.
        """
        match = _MONEY.fullmatch(text.strip())
        if not match:
            if _MUCH_MONEY.fullmatch(text.strip()):
                raise ValueError(f"{text!r} is more than an amount can be: at most twelve digits before the point")
            bare = _number_meant(text.strip()) if _BARE_NUMBER.fullmatch(text.strip()) else ""
            meant = money_meant(text) or (f"for example {bare} EUR" if bare else "for example 20 EUR or 2.50 EUR")
            raise ValueError(f"{text!r} is not an amount; write {meant}")
        digits = minor_digits(match[3])
        decimals = match[2] or ""
        if len(decimals) > digits:
            raise ValueError(f"{match[3]} has {digits} decimals, {text!r} has more")
        return cls(int(match[1] + decimals.ljust(digits, "0")), match[3])

    @property
    def major(self) -> Decimal:
        """The amount as people write it, 2.50 for 250 cents."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def __str__(self) -> str:
        return f"{self.major.normalize() if self.major % 1 == 0 else self.major:f} {self.currency}"


@dataclass(frozen=True, slots=True)
class Percent:
    """A share, in hundredths of a percent."""

    basis_points: int

    @classmethod
    def parse(cls, text: str) -> "Percent":
        """Read `5%` or `2.5%`.

        Raises:
            ValueError: it is written differently.
        """
        match = _PERCENT.fullmatch(text.strip())
        if not match or len(match[2] or "") > 2:
            raise ValueError(f"{text!r} is not a percentage; write for example 5% or 2.5%")
        return cls(int(match[1] + (match[2] or "").ljust(2, "0")))

    def of(self, amount: int) -> int:
        """The share of an amount, rounded down (SEMANTICS 2)."""
        return amount * self.basis_points // 10_000

    def __str__(self) -> str:
        whole, rest = divmod(self.basis_points, 100)
        return f"{whole}.{rest:02d}".rstrip("0") + "%" if rest else f"{whole}%"


@dataclass(frozen=True, slots=True)
class Rate:
    """So many points for so much money."""

    points: int
    per: Money

    @classmethod
    def parse(cls, text: str) -> "Rate":
        """Read `1 per 1 EUR`.

        Raises:
            ValueError: it is written differently, or the amount is zero.
        """
        match = _RATE.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a rate; write for example 1 per 1 EUR")
        per = Money.parse(match[2])
        if per.minor == 0:
            raise ValueError("a rate per nothing has no meaning; write for example 1 per 1 EUR")
        return cls(int(match[1]), per)

    def of(self, amount_minor: int) -> int:
        """The points for an amount, rounded down for each event (SEMANTICS 2)."""
        return amount_minor * self.points // self.per.minor

    @property
    def per_minor(self) -> Fraction:
        """Points for one minor unit of money, exactly."""
        return Fraction(self.points, self.per.minor)

    def __str__(self) -> str:
        return f"{self.points} per {self.per}"


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many, ever, in each calendar period, or in any stretch of a length (SEMANTICS 10)."""

    count: int
    per: Period | Duration | None = None

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read `10`, `10 per quarter` or `10 per 90d`.

        Raises:
            ValueError: it is written differently.
        """
        match = _LIMIT.fullmatch(text.strip())
        if not match:
            within = _WITHIN.fullmatch(text.strip())
            meant = f"{within[1]} per {within[2]}" if within else "for example 10, 10 per quarter or 10 per 90d"
            raise ValueError(f"{text!r} is not a limit; write {meant}")
        return cls(int(match[1]), parse_period(match[2], of=f"{match[1]} per ") if match[2] else None)

    def __str__(self) -> str:
        return f"{self.count} per {self.per}" if self.per else str(self.count)


@dataclass(frozen=True, slots=True)
class MoneyLimit:
    """At most so much money in each period."""

    amount: Money
    per: Period | Duration

    @classmethod
    def parse(cls, text: str) -> "MoneyLimit":
        """Read `50 EUR per month`.

        Raises:
            ValueError: it is written differently.
        """
        match = _MONEY_LIMIT.fullmatch(text.strip())
        if not match:
            raise ValueError(f"{text!r} is not a limit of money; write for example 50 EUR per month")
        return cls(Money.parse(match[1]), parse_period(match[2], of=f"{match[1]} per "))

    def __str__(self) -> str:
        return f"{self.amount} per {self.per}"


def parse_period(text: str, *, of: str = "") -> Period | Duration:
    """Read `quarter` (a calendar period) or `90d` (any 90 days).

    Args:
        text: as it was written.
        of: what stands before it, `4 per `, for what to write instead.

    Raises:
        ValueError: it is neither.
    """
    name = text.strip()
    for period in PERIODS:
        if name == period:
            return period
    if called := _CALLED.get(name.lower()):
        raise ValueError(f"{name!r} is not a period; write {of}{called}")
    return Duration.parse(name)
