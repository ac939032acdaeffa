"""A process that decides what Ada and Ben do in one batch, and breaks at a named point of the transaction.

Run as `python -m tests.faults.breaking POINT`: `whole` does not break, `killed_before_commit` and `killed_after_commit`
kill the process, `asleep_before_commit` stops it until somebody sends SIGCONT. It prints one line when it has answers.
"""

import os
import signal
import sys
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import django


def breaks_once(function: Callable[..., Any], number: int) -> Callable[..., Any]:
    """Do as the function does, then send this process a signal, the first time; signal 0 does nothing."""
    left = [number]

    def broken(*arguments: Any, **options: Any) -> Any:
        result = function(*arguments, **options)
        if left:
            os.kill(os.getpid(), left.pop())
        return result

    return broken


def main(point: str) -> None:
    """Decide four events, and break."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
    django.setup()
    from sayso.domains.decisions import batch, store
    from tests.domains.cast import START, ada_recommends_ben

    module, name, number = {
        "whole": (store, "move", 0),
        "killed_before_commit": (store, "move", signal.SIGKILL),
        "asleep_before_commit": (store, "move", signal.SIGSTOP),
        "killed_after_commit": (batch, "_in_transaction", signal.SIGKILL),
    }[point]
    with patch.object(module, name, breaks_once(getattr(module, name), number)):
        answers = batch.decide_batch(1, ada_recommends_ben(), now=START)
    sys.stdout.write(" ".join(answer.status for answer in answers) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
