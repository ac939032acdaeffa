"""A process of its own in which many threads hand events to one committer, for the test that kills it.

Run as `python -m tests.domains.decisions.committing WORKSPACE THREADS`: each thread decides its part of the busy day,
one event at a time, and prints the id of each that was answered. It must not check anything.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import django


def main(workspace: int, threads: int) -> None:
    """Decide the busy day from many threads at once."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
    django.setup()
    from sayso.domains.decisions.committer import committer, stop_committer
    from tests.domains.cast import START, a_busy_day

    day = a_busy_day(int(os.environ["EVENTS"]))

    def send(part: int) -> None:
        for arrival in day[part::threads]:
            answer = committer().decide(workspace, [arrival], now=START)[0].answer
            # One write for a line, so that a kill tears none apart.
            os.write(1, f"{answer.external_id}\n".encode())

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(send, range(threads)))
    stop_committer()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
