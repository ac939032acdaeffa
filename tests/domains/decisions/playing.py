"""A process of its own that decides events in a loop, for the tests that race such processes and kill them.

Run as `python -m tests.domains.decisions.playing WORKSPACE PART PARTS SIZE`: it decides every PARTS-th of the busy
day's events, from PART on, in batches of SIZE, each while the one before is written where that can be, and prints a
line after each batch that was committed. It must not check anything.
"""

import os
import sys

import django


def main(workspace: int, part: int, parts: int, size: int) -> None:
    """Decide one part of the busy day."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
    django.setup()
    from sayso.domains.decisions.ahead import decide_each
    from tests.domains.cast import START, a_busy_day

    mine = a_busy_day(int(os.environ["EVENTS"]))[part::parts]
    batches = (mine[first : first + size] for first in range(0, len(mine), size))
    for answers in decide_each(workspace, batches, now=START):
        acknowledged = [answer.external_id for answer in answers if answer.status != "refused"]
        sys.stdout.write(" ".join(acknowledged) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
