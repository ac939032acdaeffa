"""Figures for Prometheus, counted in the database when they are asked for.

Owns their names. They are the same whichever process or host answers, so any one may be asked. It must not count what
grows with the history: each figure is read from a head, or from an index of what waits.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4 as CONTENT_TYPE
from prometheus_client.registry import Collector

from sayso.domains.insight.release import sayso_version
from sayso.domains.insight.waiting import Waiting, waiting
from sayso.domains.jobs.heartbeats import seconds_since_done

__all__ = ["CONTENT_TYPE", "metrics"]

_WORKSPACE = ("workspace",)
# What each figure is called, what it says, and where it stands; all are gauges but the first.
_FIGURES = (
    ("sayso_events_set_aside", "Events that could not be decided and wait for a person.", "set_aside"),
    ("sayso_deciding_paused", "1 where events are kept undecided until a person lets deciding go on.", "paused"),
    ("sayso_rewards_in_review", "Rewards that a person must look at.", "rewards_in_review"),
    ("sayso_timers_due", "What fell due and was not done yet.", "timers_due"),
    ("sayso_timers_late_seconds", "How long the earliest of these has been due.", "seconds_late"),
    ("sayso_notices_waiting", "What was decided and not handed on to deliveries and orders yet.", "notices"),
    ("sayso_deliveries_waiting", "Messages to webhooks that are still to be tried.", "deliveries"),
    ("sayso_tasks_unfinished", "Long tasks that wait or run.", "tasks"),
    ("sayso_orders_waiting", "What is to be handed over and was not yet.", "orders"),
)


def metrics() -> bytes:
    """Return every figure as Prometheus reads it.

    Raises:
        DatabaseError: the database cannot be asked.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures())
    return generate_latest(registry)


class _Figures(Collector):
    def collect(self) -> Iterable[Metric]:
        yield InfoMetricFamily("sayso_build", "What runs here.", value={"version": sayso_version()})
        found = waiting(datetime.now(UTC))
        said = "Events in the log, timers that fired among them."
        log = CounterMetricFamily("sayso_log_events", said, labels=_WORKSPACE)
        for each in found:
            log.add_metric([each.workspace], each.position)
        yield log
        yield from (_gauge(*figure, found) for figure in _FIGURES)
        codes = GaugeMetricFamily("sayso_pool_codes_left", "Codes that a pool has left.", labels=(*_WORKSPACE, "pool"))
        for each in found:
            for pool, left in each.codes.items():
                codes.add_metric([each.workspace, pool], left)
        yield codes
        yield _duties()


def _duties() -> Metric:
    said = "How long ago a worker last did this duty to its end."
    duties = GaugeMetricFamily("sayso_duty_done_seconds", said, labels=("duty",))
    for name, seconds in seconds_since_done(datetime.now(UTC)).items():
        duties.add_metric([name], seconds)
    return duties


def _gauge(name: str, said: str, attribute: str, found: list[Waiting]) -> GaugeMetricFamily:
    gauge = GaugeMetricFamily(name, said, labels=_WORKSPACE)
    for each in found:
        gauge.add_metric([each.workspace], getattr(each, attribute))
    return gauge
