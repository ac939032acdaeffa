"""Asking a database once more that broke off.

Owns how often and how soon. Whatever is tried again must find by itself what was committed all the same.
"""

import time
from collections.abc import Callable
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connection

ATTEMPTS = 5
FIRST_WAIT_SECONDS = 0.05

T = TypeVar("T")


def retrying(transaction: Callable[[], T]) -> T:
    """Run a transaction again when the database broke it off, and return what it returns.

    Raises:
        OperationalError, InterfaceError: the database stayed away, or this is a part of a longer transaction.
    """
    wait = FIRST_WAIT_SECONDS
    for _ in range(ATTEMPTS - 1):
        try:
            return transaction()
        except (OperationalError, InterfaceError):
            if connection.in_atomic_block:
                raise
            connection.close()
            time.sleep(wait)
            wait *= 2
    return transaction()
