"""How the tiers of a version are reached: which tally counts, and from how much on each level is held."""

from dataclasses import dataclass
from itertools import pairwise

from sayso.core.program.document import Document
from sayso.core.program.values import Duration, minor_digits


@dataclass(slots=True, frozen=True)
class TierRules:
    """How a version's tiers are reached.

    Attributes:
        series, currency: name of the tally that counts, and its currency.
        which: 0 where occurrences count, 1 where their total does.
        levels: (name, threshold), from the lowest up.
        above: tier to the threshold of the next one; the empty tier stands for the lowest.
    """

    series: str
    currency: str
    which: int
    within: Duration | None
    levels: tuple[tuple[str, int], ...]
    above: dict[str, int]


def tier_rules(document: Document) -> TierRules | None:
    """How the document's tiers are reached; None when it has none."""
    tiers = document.tiers
    if tiers is None:
        return None
    # The document writes what was spent in whole units of the currency; tallies hold minor units.
    scale = 10 ** minor_digits(document.currency) if tiers.measure == "spent" else 1
    levels, within = tuple((name, count * scale) for name, count in tiers.levels.items()), tiers.within
    above = {lower: upper for (lower, _), (_, upper) in pairwise(levels)}
    above[""] = above[levels[0][0]]
    match tiers.measure:
        case "points_earned":
            unit = document.points.unit if document.points else ""
            return TierRules(f"earned/{unit}", "", 1, within, levels, above)
        case "spent":
            return TierRules("purchase", document.currency, 1, within, levels, above)
        case _:
            success = document.referral.success if document.referral else ""
            return TierRules(f"reached/{document.program}/{success}", "", 0, within, levels, above)
