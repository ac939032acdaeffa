"""Backtest: a draft run over the real history, beside what really happened, before it is published.

Everything happens in memory; the books that the log came from are never touched.
"""

from sayso.core.engine.backtest.outcome import LogOutcome, frontier_of, stored_in
from sayso.core.engine.backtest.report import Report
from sayso.core.engine.backtest.rerun import Recorded, backtest, standing_in
from sayso.core.engine.backtest.text import as_text

__all__ = ["LogOutcome", "Recorded", "Report", "as_text", "backtest", "frontier_of", "standing_in", "stored_in"]
