"""What a measurement prints: both sides, their ratio, and the bar it is held against."""

import json
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Bar:
    """What a measurement is held against: the least ratio of ours to the reference, or the most."""

    unit: str
    ratio: float
    most: bool = False

    def __str__(self) -> str:
        return f"at {'most' if self.most else 'least'} {self.ratio:g}"


def report(name: str, *, ours: Sequence[float], reference: Sequence[float], bar: Bar) -> None:
    """Print the median of each side and of the ratios, pair by pair; with `--json`, once more for machines.

    Args:
        ours: one figure per run.
        reference: the other side of each run; a fixed figure where there is no other side.
    """
    ratios = [one / other for one, other in zip(ours, reference, strict=True)]
    ratio = statistics.median(ratios)
    print(f"{name}: {len(ratios)} pairs")
    print(f"  ours       {statistics.median(ours):>14,.0f} {bar.unit}   ({min(ours):,.0f} to {max(ours):,.0f})")
    print(f"  reference  {statistics.median(reference):>14,.0f} {bar.unit}")
    print(f"  ratio      {ratio:>14.3f}   ({min(ratios):.3f} to {max(ratios):.3f}), {bar}")
    if "--json" in sys.argv:
        met = ratio <= bar.ratio if bar.most else ratio >= bar.ratio
        print(json.dumps({"name": name, "ratio": round(ratio, 4), "bar": bar.ratio, "met": met}))
