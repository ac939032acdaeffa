"""The worker: a thread for each duty, until it is told to stop.

Owns the threads and what happens when a duty fails: it is logged, and tried again after a rest that grows. It must not
know a duty.
"""

import threading
from datetime import UTC, datetime

import structlog
from django.db import close_old_connections, connections

from sayso.domains.jobs.duties import Duty, all_duties
from sayso.domains.jobs.heartbeats import EVERY, note_done

LONGEST_REST_SECONDS = 60.0
_LISTENS_SECONDS = 1.0
NEVER = datetime.min.replace(tzinfo=UTC)

_log = structlog.get_logger(__name__)


def run_worker(stop: threading.Event, *, duties: list[Duty] | None = None) -> None:
    """Do all duties until `stop` is set, then let each finish the piece that it is at.

    Args:
        stop: set by whoever wants the worker to end.
        duties: which; all that are registered unless said.
    """
    chosen = all_duties() if duties is None else duties
    threads = [threading.Thread(target=_do, args=(duty, stop), name=f"duty-{duty.name}") for duty in chosen]
    for thread in threads:
        thread.start()
    for thread in threads:
        # A signal that reached another thread is heard when this one wakes.
        while thread.is_alive():
            thread.join(_LISTENS_SECONDS)


def _do(duty: Duty, stop: threading.Event) -> None:
    failures, noted = 0, NEVER
    try:
        while not stop.is_set():
            close_old_connections()
            now = datetime.now(UTC)
            try:
                more, failures = duty.work(now), 0
                if now - noted >= EVERY:
                    note_done(duty.name, now)
                    noted = now
            except Exception:
                _log.exception("duty failed", duty=duty.name)
                more, failures = False, failures + 1
            if not more:
                stop.wait(_rest_after(failures, duty.every_seconds))
        duty.finish()
    except Exception:
        _log.exception("duty could not be finished", duty=duty.name)
    finally:
        connections.close_all()


def _rest_after(failures: int, every_seconds: float) -> float:
    # Doubled without end it would become a number that no clock takes.
    return float(min(every_seconds * 2 ** min(failures, 10), LONGEST_REST_SECONDS))
