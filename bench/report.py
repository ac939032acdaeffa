"""What a measurement prints: both sides, their ratio, and the bar it is held against."""

import json
import statistics
import sys
from collections.abc import Sequence


def report(
    name: str, *, ours: Sequence[float], reference: Sequence[float], unit: str, bar: float, most: bool = False
) -> None:
    """Print the median of each side and of the ratios, pair by pair; with `--json`, once more for machines.

    Args:
        ours: one figure per run.
        reference: the other side of each run; a fixed bar where there is no other side.
        unit: what the figures count.
        bar: the ratio that has to be met.
        most: the bar is the most that the ratio may be, not the least.
    """
    ratios = [one / other for one, other in zip(ours, reference, strict=True)]
    ratio = statistics.median(ratios)
    print(f"{name}: {len(ratios)} pairs")
    print(f"  ours       {statistics.median(ours):>14,.0f} {unit}   ({min(ours):,.0f} to {max(ours):,.0f})")
    print(f"  reference  {statistics.median(reference):>14,.0f} {unit}")
    print(f"  ratio      {ratio:>14.3f}   ({min(ratios):.3f} to {max(ratios):.3f}), at {'most' if most else 'least'} {bar:g}")
    if "--json" in sys.argv:
        met = ratio <= bar if most else ratio >= bar
        print(json.dumps({"name": name, "ratio": round(ratio, 4), "bar": bar, "met": met}))
