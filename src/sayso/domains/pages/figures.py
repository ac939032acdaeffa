"""What came of a program's page: views, sign-ups and the share of them by variant, and whether the trial was fair.

Owns the reading of the counts, and the check that views were spread as they should be. It must not say which variant
wins.
"""

import math
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from sayso.domains.pages.models import PageDay
from sayso.domains.workspaces.models import Workspace

# Below this chance, an uneven spread is no accident: robots, a cache or an error favour one variant.
UNFAIR_BELOW = 0.001
_MOST_TERMS = 1000
_CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class VariantFigures:
    """What one variant did; `name` is empty for the page that the others are tried against."""

    name: str
    shown: int
    signed_up: int

    @property
    def share(self) -> float:
        """Sign-ups by views, 0 where nobody saw it."""
        return self.signed_up / self.shown if self.shown else 0.0


@dataclass(frozen=True, slots=True)
class PageFigures:
    """What a page did.

    Attributes:
        chance: how likely a spread at least as uneven as this is, if each view is as likely in each variant
            (Pearson's chi-square); 1 where there is nothing to compare.
    """

    variants: tuple[VariantFigures, ...]
    chance: float

    @property
    def is_fair(self) -> bool:
        """Whether the spread of the views is no reason to doubt the figures."""
        return self.chance >= UNFAIR_BELOW


def page_figures(workspace: Workspace, program: str, *, since: date | None = None) -> PageFigures:
    """Return what the page of a program did.

    Args:
        workspace: whose program.
        program: its name.
        since: from which day on; None for ever.
    """
    days = PageDay.objects.filter(program=program, workspace=workspace)
    if since is not None:
        days = days.filter(day__gte=since.toordinal())
    rows = days.values("variant").annotate(seen=Sum("shown"), joined=Sum("signed_up")).order_by("variant")
    found = tuple(VariantFigures(row["variant"], row["seen"], row["joined"]) for row in rows)
    return PageFigures(found, chance_of_spread([each.shown for each in found]))


def chance_of_spread(counts: list[int]) -> float:
    """Return how likely it is that counts which should be equal differ at least as much as these do.

    It is the upper tail of the chi-square distribution with one degree of freedom less than there are counts.
    """
    total = sum(counts)
    if len(counts) < 2 or not total:
        return 1.0
    expected = total / len(counts)
    statistic = sum((count - expected) ** 2 / expected for count in counts)
    return 1 - _lower_gamma((len(counts) - 1) / 2, statistic / 2)


def _lower_gamma(shape: float, value: float) -> float:
    """The regularised lower incomplete gamma function, by its series (Abramowitz and Stegun 6.5.29)."""
    if value <= 0:
        return 0.0
    term = total = 1 / shape
    for step in range(1, _MOST_TERMS + int(2 * value)):
        term *= value / (shape + step)
        total += term
        if term < total * _CLOSE:
            break
    return min(1.0, total * math.exp(shape * math.log(value) - value - math.lgamma(shape)))
