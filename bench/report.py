"""What a measurement prints: both sides, their ratio, and the bar it is held against."""

import json
import statistics
import sys
from collections.abc import Sequence


def report(name: str, *, ours: Sequence[float], reference: Sequence[float], unit: str, must: float) -> None:
    """Print the median of each side and of the ratios, pair by pair; with `--json`, once more for machines.

    Args:
        ours: one figure per run.
        reference: the other side of each run; a fixed bar where there is no other side.
        unit: what the figures count.
        must: the ratio that has to be met.
    """
    ratios = [one / other for one, other in zip(ours, reference, strict=True)]
    ratio = statistics.median(ratios)
    print(f"{name}: {len(ratios)} pairs")
    print(f"  ours       {statistics.median(ours):>14,.0f} {unit}   ({min(ours):,.0f} to {max(ours):,.0f})")
    print(f"  reference  {statistics.median(reference):>14,.0f} {unit}")
    print(f"  ratio      {ratio:>14.3f}   ({min(ratios):.3f} to {max(ratios):.3f}), at least {must:g}")
    if "--json" in sys.argv:
        print(json.dumps({"name": name, "ratio": round(ratio, 4), "must": must, "met": ratio >= must}))
