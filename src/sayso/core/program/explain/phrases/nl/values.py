"""Dutch: numbers as words, lengths of time, limits, dates and quotation marks."""

from collections.abc import Mapping

VALUES: dict[str, str | Mapping[str, str]] = {
    "quoted": "‘{text}’",
    "yes": "ja",
    "no": "nee",
    "unknown": "onbekend",
    "none": "geen",
    "moment": "{date} {time}",
    **{
        f"number.{n}": word
        for n, word in enumerate(
            ("twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf"), start=2
        )
    },
    "times.1": "één keer",
    "times.2": "twee keer",
    "times": "{count} keer",
    **{
        f"ordinal.{n}": word
        for n, word in enumerate(
            ("tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende"), start=2
        )
    },
    "ordinal": {"other": "{n}e"},
    "length.hours": {"one": "1 uur", "other": "{n} uur"},
    "length.days": {"one": "1 dag", "other": "{n} dagen"},
    "length.months": {"one": "1 maand", "other": "{n} maanden"},
    "last.hours": {"one": "in het afgelopen uur", "other": "in de afgelopen {n} uur"},
    "last.days": {"one": "in de afgelopen dag", "other": "in de afgelopen {n} dagen"},
    "last.months": {"one": "in de afgelopen maand", "other": "in de afgelopen {n} maanden"},
    "per.hour": "per uur",
    "per.day": "per dag",
    "per.week": "per week",
    "per.month": "per maand",
    "per.quarter": "per kwartaal",
    "per.year": "per jaar",
    "per.ever": "in totaal",
    "per.hours": {"one": "per uur", "other": "in elke periode van {n} uur"},
    "per.days": {"one": "per dag", "other": "in elke periode van {n} dagen"},
    "per.months": {"one": "in elke periode van 1 maand", "other": "in elke periode van {n} maanden"},
    "limit": "hoogstens {times} {per}",
    "limit.once": "maar één keer",
    "within": "binnen {length}",
    "within.next": "uiterlijk {length} later",
    "date.from": "vanaf {date}",
    "date.from.elided": "vanaf {date}",
    "date.until": "tot en met {date}",
    "date.until.elided": "tot en met {date}",
    "date.by": "uiterlijk op {date}",
    "date.by.elided": "uiterlijk op {date}",
    "one.EUR": "euro",
    "one.USD": "dollar",
    "one.GBP": "pond",
    "unit.points": {"one": "{n} punt", "other": "{n} punten"},
    "unit.stars": {"one": "{n} ster", "other": "{n} sterren"},
    "unit.miles": {"one": "{n} mijl", "other": "{n} mijlen"},
    "unit.coins": {"one": "{n} munt", "other": "{n} munten"},
    "unit.hearts": {"one": "{n} hartje", "other": "{n} hartjes"},
    "unit.beans": {"one": "{n} boon", "other": "{n} bonen"},
    "units.points": "punten",
    "units.stars": "sterren",
    "units.miles": "mijlen",
    "units.coins": "munten",
    "units.hearts": "hartjes",
    "units.beans": "bonen",
}
