"""How one language speaks: its phrases filled in, plurals chosen, and money, dates, lists and lengths written its way.

Owns everything that depends on the language alone. It must not know what a program means.
"""

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent

from sayso.core.program.calendar import Moment, datetime_of
from sayso.core.program.explain.events import EventWords
from sayso.core.program.explain.phrases import EVENTS, PHRASES, UNKNOWN_EVENT
from sayso.core.program.values import Duration, Limit, Money, MoneyLimit, Percent, Period

Language = Literal["en", "es", "it", "nl"]

# Dates and lists as most of Europe reads English: 12 October 2027; name, e-mail and phone.
_REGIONS = {"en": "en_GB"}


# Words for a thing begin with one of these; the definite ones would have to be joined with what stands before them.
_INDEFINITE: Mapping[Language, frozenset[str]] = {
    "en": frozenset({"a", "an"}),
    "es": frozenset({"un", "una", "unos", "unas"}),
    "it": frozenset({"un", "uno", "una", "un’"}),
    "nl": frozenset({"een"}),
}


class Voice:
    """One language; made once for each by `voice_of`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        self._locale = Locale.parse(language)
        self._region = Locale.parse(_REGIONS.get(language, language))
        self._phrases = PHRASES[language]
        self._events = EVENTS[language]

    def say(self, key: str, **values: str) -> str:
        """The phrase of that key with its places filled in."""
        phrase = self._phrases[key]
        if not isinstance(phrase, str):
            raise TypeError(f"the phrase {key} has plural forms and needs a number")
        return self._contracted(phrase.format(**values))

    def _contracted(self, text: str) -> str:
        # In Spanish "de" and "a" join the article, and "al menos" stands before "a"; it shows once all is filled in.
        if self.language != "es":
            return text
        return text.replace(" de el ", " del ").replace(" a el ", " al ").replace(" a al menos ", " al menos a ")

    def knows(self, key: str) -> bool:
        """Whether there is a phrase of that key."""
        return key in self._phrases

    def count(self, key: str, number: int, **values: str) -> str:
        """The phrase of that key in the plural form that a number asks for; `{n}` is the number."""
        forms = self._phrases[key]
        if isinstance(forms, str):
            return forms.format(n=self.number(number), **values)
        return self.form(number, forms).format(n=self.number(number), **values)

    def form(self, number: int, forms: Mapping[str, str]) -> str:
        """The one of several plural forms, by category, that a number asks for."""
        return forms.get(self._locale.plural_form(number)) or forms["other"]

    def knows_event(self, name: str) -> bool:
        """Whether there are words of ours for a type of event."""
        return name in self._events

    def event(self, name: str, called: str = "") -> EventWords:
        """The words for a type of event; of a company's own, its name or what it is called, quoted."""
        known = self._events.get(name)
        return known or _filled(UNKNOWN_EVENT[self.language], called or self.named(name))

    # --- numbers ----------------------------------------------------------------------------------------------------

    def number(self, value: int | Decimal) -> str:
        """A number, its thousands grouped."""
        return _number(value, self._locale)

    def money(self, amount: Money) -> str:
        """An amount; decimals only where there are any."""
        return _money(amount, self._locale)

    def each(self, amount: Money) -> str:
        """An amount as it follows "for every": "for every €5"; where a language says so, "for every euro"."""
        key = f"one.{amount.currency}"
        return self.say(key) if amount.major == 1 and self.knows(key) else self.money(amount)

    def minor(self, minor: int, currency: str) -> str:
        """An amount in minor units."""
        return self.money(Money(minor, currency))

    def share(self, share: Percent) -> str:
        """A percentage."""
        pattern = self._locale.percent_formats[None].pattern.replace("#,##0", "#,##0.##")
        return str(format_percent(Decimal(share.basis_points) / 10_000, pattern, locale=self._locale))

    def spelled(self, number: int) -> str:
        """A small number as a word, a larger one in digits."""
        key = f"number.{number}"
        return self.say(key) if self.knows(key) else self.number(number)

    def times(self, number: int) -> str:
        """`once`, `twice`, `ten times`."""
        key = f"times.{number}"
        return self.say(key) if self.knows(key) else self.say("times", count=self.spelled(number))

    def ordinal(self, number: int) -> str:
        """`fifth`, as it stands before "time"."""
        key = f"ordinal.{number}"
        if self.knows(key):
            return self.say(key)
        forms = self._phrases["ordinal"]
        assert not isinstance(forms, str)  # every language keeps them as forms
        form = forms.get(self._locale.ordinal_form(number)) or forms["other"]
        return form.format(n=number)

    # --- time -------------------------------------------------------------------------------------------------------

    def date(self, day: dt.date) -> str:
        """A date in full."""
        return str(format_date(day, "long", locale=self._region))

    def on_date(self, key: str, day: dt.date) -> str:
        """A date with its preposition; Italian elides it before the 8th and the 11th."""
        return self.say(f"{key}.elided" if day.day in (8, 11) else key, date=self.date(day))

    def moment(self, moment: Moment, zone: str) -> str:
        """A moment as the date and the time of day in a zone."""
        local = datetime_of(moment).astimezone(ZoneInfo(zone))
        return self.say("moment", date=self.date(local.date()), time=_time(local, self._region))

    def length(self, duration: Duration) -> str:
        """`30 days`, `12 months`, `48 hours`."""
        return self._length("length", duration)

    def last(self, duration: Duration) -> str:
        """`in the last 90 days`."""
        return self._length("last", duration)

    def _length(self, key: str, duration: Duration) -> str:
        if duration.months:
            return self.count(f"{key}.months", duration.months)
        if duration.hours:
            return self.count(f"{key}.hours", duration.hours)
        return self.count(f"{key}.days", duration.days)

    def per(self, period: Period | Duration | None) -> str:
        """`a quarter`, `in any 90 days`, `in all`."""
        if period is None:
            return self.say("per.ever")
        if isinstance(period, Duration):
            return self._length("per", period)
        return self.say(f"per.{period}")

    def limit(self, limit: Limit) -> str:
        """`at most ten times a quarter`."""
        if limit == Limit(1):
            return self.say("limit.once")
        return self.say("limit", times=self.times(limit.count), per=self.per(limit.per))

    def money_limit(self, limit: MoneyLimit) -> str:
        """`€50 a month`."""
        return f"{self.money(limit.amount)} {self.per(limit.per)}"

    # --- lists and names --------------------------------------------------------------------------------------------

    def all_of(self, items: list[str]) -> str:
        """`a, b and c`."""
        return self._euphonic(str(format_list(items, "standard", locale=self._region)), items[-1], "y", "e", "i")

    def one_of(self, items: list[str]) -> str:
        """`a, b or c`."""
        return self._euphonic(str(format_list(items, "or", locale=self._region)), items[-1], "o", "u", "o")

    def _euphonic(self, text: str, last: str, word: str, instead: str, vowel: str) -> str:
        # Spanish says "e" for "y" before the sound of i, and "u" for "o" before the sound of o.
        start = last.lstrip("«").lower()
        sounds = start.startswith((vowel, f"h{vowel}")) and not start.startswith(("hie", "hia", "ie"))
        sounds = sounds or (vowel == "o" and start.startswith("8"))
        if self.language != "es" or not sounds or not text.endswith(f" {word} {last}"):
            return text
        return text.removesuffix(f"{word} {last}") + f"{instead} {last}"

    def quoted(self, text: str) -> str:
        """Somebody's own words, in this language's quotation marks; the sentence around them has its own full stop."""
        return self.say("quoted", text=text.strip().removesuffix("."))

    def thing(self, text: str) -> str:
        """Somebody's own words for a thing as they stand in a sentence, "a free week"; empty where they are a name."""
        start = re.match(r"\w+['’]?", text.strip().lower())
        is_thing = start is not None and start[0].replace("'", "’") in _INDEFINITE[self.language]
        return continued(text.strip().removesuffix(".")) if is_thing else ""

    def named(self, name: str) -> str:
        """A name of the company's own, `inner_circle`, as people would write it."""
        return self.quoted(name.replace("_", " "))


@lru_cache
def voice_of(language: Language) -> Voice:
    """The voice of a language."""
    return Voice(language)


def sentence(text: str) -> str:
    """A sentence: it begins with a capital and ends with a full stop, unless it ends already."""
    text = text.strip()
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!", "…")) else ".")


_COMMON_STARTS = frozenset(
    {"a", "an", "the", "somebody", "someone", "people"}
    | {"un", "una", "unos", "unas", "el", "la", "los", "las", "alguien", "quien"}
    | {"uno", "un’", "il", "lo", "l’", "le", "gli", "chi", "qualcuno"}
    | {"een", "de", "het", "iemand", "wie", "mensen"}
)


def after_colon(text: str) -> str:
    """Somebody's own words as they continue after a colon: small when they begin with an article or a pronoun."""
    start = re.match(r"[^ '’]*['’]?", text.lower())
    return continued(text) if start and start[0].replace("'", "’") in _COMMON_STARTS else text


def continued(text: str) -> str:
    """A sentence as it continues after a colon or a comma."""
    return text[:1].lower() + text[1:]


# The same few numbers and amounts stand in most sentences, and to write one takes longer than the rest of its sentence.
@lru_cache(maxsize=4096)
def _number(value: int | Decimal, locale: Locale) -> str:
    return str(format_decimal(value, locale=locale))


@lru_cache(maxsize=4096)
def _money(amount: Money, locale: Locale) -> str:
    if amount.major % 1:
        return str(format_currency(amount.major, amount.currency, locale=locale))
    pattern = locale.currency_formats["standard"].pattern.replace("0.00", "0")
    return str(format_currency(amount.major, amount.currency, pattern, locale=locale, currency_digits=False))


def _time(moment: dt.datetime, locale: Locale) -> str:
    return str(format_time(moment, "short", locale=locale))


def _filled(words: EventWords, name: str) -> EventWords:
    def fill(text: str) -> str:
        return text.replace("{name}", name)

    return EventWords(
        words.nouns,
        fill(words.one),
        fill(words.many),
        fill(words.does),
        fill(words.done),
        fill(words.undone),
        words.has,
    )
