"""The year through `sayso import events`: every household's points, tier and credit are what they must be.

On whichever database this run uses: the whole year once, and 300 households in other orders and batches, with kills.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from demo.prepare import Year
from tests.demo.independent import calculate, thanks
from tests.demo.running import Grocer, Left, shuffled_within_days

POINTS = ["earned", "spent", "expired", "available", "tier"]


@dataclass(frozen=True)
class Variation:
    """How a file is taken: so many events at once, and how often the import is killed."""

    batch: int
    kills: int


VARIATIONS = [
    Variation(batch=1, kills=3),
    Variation(batch=7, kills=4),
    Variation(batch=1000, kills=4),
]


@pytest.fixture
def grocer(migrated_database_url: str, tmp_path: Path) -> Grocer:
    """The grocer's workspace on a database of its own, in which nothing has happened yet."""
    return Grocer(migrated_database_url, tmp_path / "home")


def expected(year: Year) -> dict[str, dict[str, object]]:
    """What each household must have, by a calculation that shares no code with Sayso."""
    members = {json.loads(line)["member"] for line in year.events.read_text(encoding="utf-8").splitlines()}
    table, credit = calculate(year.spends, households=members), thanks(year.events)
    rows: dict[str, dict[str, object]] = table.set_index("member")[POINTS].to_dict("index")
    return {member: {**row, "credit": credit.get(member, 0)} for member, row in rows.items()}


def left(found: Left) -> dict[str, dict[str, object]]:
    """The same figures from the books, where no promise is broken and no event was set aside."""
    assert (found.broken, found.set_aside) == ([], 0)
    return {member: {name: row[name] for name in (*POINTS, "credit")} for member, row in found.households.items()}


def test_the_whole_year_agrees_to_the_last_point(year: Year, grocer: Grocer) -> None:
    assert grocer.take(year.events, batch=10_000)["new"] == year.figures.events
    found = grocer.end_year()
    assert left(found) == expected(year)
    assert sum(row["base"] for row in found.households.values()) == 4_519_934
    assert found.households["900"]["base"] == 9_221


def test_a_file_in_order_taken_twice_counts_once(several: Year, grocer: Grocer) -> None:
    assert grocer.take(several.events, batch=1000)["new"] == several.figures.events
    again = grocer.take(several.events, batch=1000)
    assert (again["new"], again["repeated"]) == (0, several.figures.events)
    assert left(grocer.end_year()) == expected(several)


@pytest.mark.parametrize("variation", VARIATIONS, ids=lambda each: f"batches-of-{each.batch}")
def test_neither_the_order_within_a_day_nor_batches_nor_kills_change_anything(
    variation: Variation, several: Year, grocer: Grocer, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    year, shuffling = several, random.Random(f"2017:shuffle:{variation.batch}")
    file = shuffled_within_days(year.events, tmp_path / "shuffled.ndjson", shuffling)
    chance, share = random.Random(f"2017:kill:{variation.batch}"), year.figures.events / variation.kills
    marks = [int((kill + chance.random()) * share) for kill in range(variation.kills)]
    killed = grocer.take_and_kill(file, batch=variation.batch, marks=marks, chance=chance)
    record_property("printed", f"{killed} imports of {year.figures.households} households "
                    f"in batches of {variation.batch:,} died of kill -9")  # fmt: skip
    grocer.take(file, batch=variation.batch)
    again = grocer.take(year.events, batch=1000)
    assert (killed, again["new"], again["repeated"]) == (variation.kills, 0, year.figures.events)
    assert left(grocer.end_year()) == expected(year)
