"""Many connections that do their part of something from the same moment.

Owns the threads. It must not check what came of it.
"""

import threading
from collections.abc import Callable

from django.db import connection, connections


def race(run: Callable[[int], object], *, racers: int) -> None:
    """Have each racer do its part on a connection of its own, all from the same moment; none may fail.

    Args:
        run: the part, given the racer's number.
        racers: how many there are.
    """
    start, failed = threading.Barrier(racers), list[Exception]()

    def racer(number: int) -> None:
        try:
            connection.ensure_connection()
            start.wait(60)
            run(number)
        except Exception as error:
            failed.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=racer, args=(number,)) for number in range(racers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not failed
