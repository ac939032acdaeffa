"""Spanish: numbers as words, lengths of time, limits, dates and quotation marks."""

from collections.abc import Mapping

VALUES: dict[str, str | Mapping[str, str]] = {
    "quoted": "«{text}»",
    "yes": "sí",
    "no": "no",
    "unknown": "desconocido",
    "none": "ninguno",
    "moment": "{date}, {time}",
    **{
        f"number.{n}": word
        for n, word in enumerate(
            ("dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce"), start=2
        )
    },
    "times.1": "una vez",
    "times.2": "dos veces",
    "times": "{count} veces",
    **{
        f"ordinal.{n}": word
        for n, word in enumerate(
            ("segunda", "tercera", "cuarta", "quinta", "sexta", "séptima", "octava", "novena", "décima"), start=2
        )
    },
    "ordinal": {"other": "{n}.ª"},
    "length.hours": {"one": "1 hora", "other": "{n} horas"},
    "length.days": {"one": "1 día", "other": "{n} días"},
    "length.months": {"one": "1 mes", "other": "{n} meses"},
    "last.hours": {"one": "en la última hora", "other": "en las últimas {n} horas"},
    "last.days": {"one": "en el último día", "other": "en los últimos {n} días"},
    "last.months": {"one": "en el último mes", "other": "en los últimos {n} meses"},
    "per.hour": "por hora",
    "per.day": "al día",
    "per.week": "por semana",
    "per.month": "al mes",
    "per.quarter": "por trimestre",
    "per.year": "al año",
    "per.ever": "en total",
    "per.hours": {"one": "en cualquier periodo de 1 hora", "other": "en cualquier periodo de {n} horas"},
    "per.days": {"one": "en cualquier periodo de 1 día", "other": "en cualquier periodo de {n} días"},
    "per.months": {"one": "en cualquier periodo de 1 mes", "other": "en cualquier periodo de {n} meses"},
    "limit": "como máximo {times} {per}",
    "limit.once": "una sola vez",
    "within": "en un plazo de {length}",
    "within.next": "a más tardar {length} después",
    "date.from": "desde el {date}",
    "date.from.elided": "desde el {date}",
    "date.until": "hasta el {date}",
    "date.until.elided": "hasta el {date}",
    "date.by": "para el {date}",
    "date.by.elided": "para el {date}",
    "one.EUR": "euro",
    "one.USD": "dólar",
    "one.GBP": "libra",
    "unit.points": {"one": "{n} punto", "other": "{n} puntos"},
    "unit.stars": {"one": "{n} estrella", "other": "{n} estrellas"},
    "unit.miles": {"one": "{n} milla", "other": "{n} millas"},
    "unit.coins": {"one": "{n} moneda", "other": "{n} monedas"},
    "unit.hearts": {"one": "{n} corazón", "other": "{n} corazones"},
    "unit.beans": {"one": "{n} grano", "other": "{n} granos"},
    "units.points": "puntos",
    "units.stars": "estrellas",
    "units.miles": "millas",
    "units.coins": "monedas",
    "units.hearts": "corazones",
    "units.beans": "granos",
}
