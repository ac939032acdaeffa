"""Owns the folder of one installation: where it is, and the secret key kept in it.

It must not know Django: the settings ask it while Django is still being configured.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

KEY_FILE = "secret_key"


def prepare_home(path: str) -> Path:
    """Return the folder at `path`, made when missing, readable by its owner only."""
    home = Path(path).expanduser().resolve()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    return home


def stored_secret_key(home: Path) -> str:
    """Return the secret key kept in `home`; the first caller makes it.

    The key is written beside its place and linked into it, so that two processes starting together agree on one
    key and neither ever reads half of it.
    """
    place = home / KEY_FILE
    if not place.exists():
        draft = home / f"{KEY_FILE}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, place)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return place.read_text(encoding="ascii")
