"""English: numbers as words, lengths of time, limits, dates and quotation marks."""

from collections.abc import Mapping

VALUES: dict[str, str | Mapping[str, str]] = {
    "quoted": "“{text}”",
    "yes": "yes",
    "no": "no",
    "unknown": "unknown",
    "none": "none",
    "moment": "{date}, {time}",
    **{
        f"number.{n}": word
        for n, word in enumerate(
            ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), start=2
        )
    },
    "times.1": "once",
    "times.2": "twice",
    "times": "{count} times",
    **{
        f"ordinal.{n}": word
        for n, word in enumerate(
            ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), start=2
        )
    },
    "ordinal": {"one": "{n}st", "two": "{n}nd", "few": "{n}rd", "other": "{n}th"},
    "length.hours": {"one": "1 hour", "other": "{n} hours"},
    "length.days": {"one": "1 day", "other": "{n} days"},
    "length.months": {"one": "1 month", "other": "{n} months"},
    "last.hours": {"one": "in the last hour", "other": "in the last {n} hours"},
    "last.days": {"one": "in the last day", "other": "in the last {n} days"},
    "last.months": {"one": "in the last month", "other": "in the last {n} months"},
    "per.hour": "an hour",
    "per.day": "a day",
    "per.week": "a week",
    "per.month": "a month",
    "per.quarter": "a quarter",
    "per.year": "a year",
    "per.ever": "in all",
    "per.hours": {"one": "in any one hour", "other": "in any {n} hours"},
    "per.days": {"one": "in any one day", "other": "in any {n} days"},
    "per.months": {"one": "in any one month", "other": "in any {n} months"},
    "limit": "at most {times} {per}",
    "limit.once": "once only",
    "within": "within {length}",
    "within.next": "within {length} of that",
    "date.from": "from {date}",
    "date.from.elided": "from {date}",
    "date.until": "until {date}",
    "date.until.elided": "until {date}",
    "date.by": "by {date}",
    "date.by.elided": "by {date}",
    "one.EUR": "€1",
    "one.USD": "$1",
    "one.GBP": "£1",
    "unit.points": {"one": "{n} point", "other": "{n} points"},
    "unit.stars": {"one": "{n} star", "other": "{n} stars"},
    "unit.miles": {"one": "{n} mile", "other": "{n} miles"},
    "unit.coins": {"one": "{n} coin", "other": "{n} coins"},
    "unit.hearts": {"one": "{n} heart", "other": "{n} hearts"},
    "unit.beans": {"one": "{n} bean", "other": "{n} beans"},
    "units.points": "points",
    "units.stars": "stars",
    "units.miles": "miles",
    "units.coins": "coins",
    "units.hearts": "hearts",
    "units.beans": "beans",
}
