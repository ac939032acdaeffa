"""Italian: numbers as words, lengths of time, limits, dates and quotation marks."""

from collections.abc import Mapping

VALUES: dict[str, str | Mapping[str, str]] = {
    "quoted": "«{text}»",
    "yes": "sì",
    "no": "no",
    "unknown": "sconosciuto",
    "none": "nessuno",
    "moment": "{date}, {time}",
    **{
        f"number.{n}": word
        for n, word in enumerate(
            ("due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci", "undici", "dodici"), start=2
        )
    },
    "times.1": "una volta",
    "times.2": "due volte",
    "times": "{count} volte",
    **{
        f"ordinal.{n}": word
        for n, word in enumerate(
            ("seconda", "terza", "quarta", "quinta", "sesta", "settima", "ottava", "nona", "decima"), start=2
        )
    },
    "ordinal": {"other": "{n}ª"},
    "length.hours": {"one": "1 ora", "other": "{n} ore"},
    "length.days": {"one": "1 giorno", "other": "{n} giorni"},
    "length.months": {"one": "1 mese", "other": "{n} mesi"},
    "last.hours": {"one": "nell’ultima ora", "other": "nelle ultime {n} ore"},
    "last.days": {"one": "nell’ultimo giorno", "other": "negli ultimi {n} giorni"},
    "last.months": {"one": "nell’ultimo mese", "other": "negli ultimi {n} mesi"},
    "per.hour": "all’ora",
    "per.day": "al giorno",
    "per.week": "alla settimana",
    "per.month": "al mese",
    "per.quarter": "a trimestre",
    "per.year": "all’anno",
    "per.ever": "in tutto",
    "per.hours": {"one": "nell’arco di 1 ora", "other": "nell’arco di {n} ore"},
    "per.days": {"one": "nell’arco di 1 giorno", "other": "nell’arco di {n} giorni"},
    "per.months": {"one": "nell’arco di 1 mese", "other": "nell’arco di {n} mesi"},
    "limit": "al massimo {times} {per}",
    "limit.once": "una volta sola",
    "within": "entro {length}",
    "within.next": "al più tardi {length} dopo",
    "date.from": "dal {date}",
    "date.from.elided": "dall’{date}",
    "date.until": "al {date}",
    "date.until.elided": "all’{date}",
    "date.by": "entro il {date}",
    "date.by.elided": "entro l’{date}",
    "one.EUR": "euro",
    "one.USD": "dollaro",
    "one.GBP": "sterlina",
    "unit.points": {"one": "{n} punto", "other": "{n} punti"},
    "unit.stars": {"one": "{n} stella", "other": "{n} stelle"},
    "unit.miles": {"one": "{n} miglio", "other": "{n} miglia"},
    "unit.coins": {"one": "{n} moneta", "other": "{n} monete"},
    "unit.hearts": {"one": "{n} cuore", "other": "{n} cuori"},
    "unit.beans": {"one": "{n} chicco", "other": "{n} chicchi"},
    "units.points": "punti",
    "units.stars": "stelle",
    "units.miles": "miglia",
    "units.coins": "monete",
    "units.hearts": "cuori",
    "units.beans": "chicchi",
}
