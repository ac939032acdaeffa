"""A file that one process at a time holds, beside a SQLite database: those who wait queue in the kernel.

It must not know what is done meanwhile.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def locked_file(path: str) -> Iterator[None]:
    """Hold a file, which is made where it is missing; whoever dies lets it go."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
