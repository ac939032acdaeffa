"""A worker that asks a supplier to hand over what is due, and breaks at a named point.

Run as `python -m tests.faults.handing_over POINT HOURS`: it works as if HOURS had gone by. `whole` does not break;
`before_sending`, `after_the_answer` and `after_marking` kill the process there. It must not check anything.
"""

import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import django

BY_WEBHOOK = "sayso.domains.connectors.fulfilment.by_webhook.send"
ENTER = "sayso.domains.rewards.fulfilment.leased.enter_outcomes"


def main(point: str, hours: int) -> None:
    """Do what the worker does."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
    django.setup()
    from sayso.domains.connectors.http.send import send
    from sayso.domains.jobs.relay import relay
    from sayso.domains.rewards.fulfilment.elsewhere import Lines

    def now() -> datetime:
        return datetime.now(UTC) + timedelta(hours=hours)

    def answered(outgoing: Any) -> None:
        send(outgoing)
        die()

    broken: dict[str, tuple[str, Callable[..., Any]]] = {
        "before_sending": (BY_WEBHOOK, die),
        "after_the_answer": (BY_WEBHOOK, answered),
        "after_marking": (ENTER, die),
    }
    place, instead = broken.get(point, (BY_WEBHOOK, send))
    lines = Lines()
    with patch(place, instead):
        while relay(now()) or lines.hand_over(now()):
            pass


def die(*_: Any, **__: Any) -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
