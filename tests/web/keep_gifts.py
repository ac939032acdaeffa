"""Write anew how every kind of gift reads: `python -m tests.web.keep_gifts`, with `src` on the path.

Owns the writing. Read the difference before it is committed: these are sentences for people.
"""

import os

import django


def keep() -> None:
    """Write all of it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sayso.config.settings")
    django.setup()
    from tests.web.gifts_told import KEPT, READERS, kept, told_of_all

    KEPT.mkdir(exist_ok=True)
    for language in READERS:
        kept(language).write_text(told_of_all(language), encoding="utf-8")


if __name__ == "__main__":
    keep()
