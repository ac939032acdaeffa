"""The event's amount in the currency of each program (SEMANTICS 4)."""

from typing import Any

from sayso.core.engine.draft import Draft

# Rates are tallied per day, in hundred-millionths.
RATE_SCALE = 10**8


class NoRate(LookupError):
    """An amount in another currency has no rate for its day; the event is set aside, not guessed."""


def amount_in(draft: Draft, currency: str, minor: int | None, event: Any = None) -> int | None:
    """An amount of the event's currency in another one, rounded down.

    Raises:
        NoRate: the workspace has no rate for the local day of the event.
    """
    origin = event or draft.event
    if minor is None or not origin.currency or origin.currency == currency:
        return minor
    count, rate = draft.counted((0, f"rate/{origin.currency}/{currency}", ""), origin.day, origin.day)
    if not count:
        raise NoRate(f"no rate from {origin.currency} to {currency} for the day of the event")
    return minor * rate // RATE_SCALE


def _scaled(written: str) -> int:
    """Read a rate, which is written with digits and at most one point; further decimals than are kept are dropped."""
    whole, _, decimals = written.partition(".")
    digits = f"{whole}{decimals or 0}"
    plain = bool(whole) and digits.isascii() and digits.isdecimal()
    rate = int(whole) * RATE_SCALE + int(decimals[:8].ljust(8, "0")) if plain else 0
    if not rate:
        raise ValueError(f"{written!r} is no rate")
    return rate


def set_rate(draft: Draft) -> None:
    """Keep the rate of a day: props `from`, `to` and `rate`; a later rate for the day replaces the earlier."""
    props = draft.event.props
    key, day = (0, f"rate/{props['from']}/{props['to']}", ""), draft.event.day
    count, before = draft.counted(key, day, day)
    rate = _scaled(str(props["rate"]))
    draft.tally(key, day, 0 if count else 1, rate - before)


def tally_event(draft: Draft, count: int, minor: int | None, event: Any = None) -> None:
    """Count an event on its day, its amount in every currency of the programs; counted once whatever their number."""
    origin = event or draft.event
    if not origin.currency or origin.currency in draft.currencies or len(draft.currencies) == 1:
        draft.tally((origin.member, origin.type, origin.currency), origin.day, count, minor or 0)
        if origin.currency and len(draft.currencies) > 2:
            others = [each for each in draft.currencies[1:] if each != origin.currency]
            _tally_converted(draft, others, 0, minor, origin)
        return
    _tally_converted(draft, draft.currencies[1:], count, minor, origin)


def _tally_converted(draft: Draft, currencies: Any, count: int, minor: int | None, origin: Any) -> None:
    for currency in currencies:
        try:
            converted = amount_in(draft, currency, minor, origin)
        except NoRate:
            continue
        draft.tally((origin.member, origin.type, currency), origin.day, count, converted or 0)
        count = 0
