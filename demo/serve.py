"""What comes after the year: a key for the grocer's workspace, and the service on the demonstration's database.

Owns where to look and the key, kept in the folder of the demonstration so that it can be shown again. A real
installation shows a key once and keeps it nowhere.
"""

import os
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

from rich.console import Console

from demo.play import WORKSPACE

KEY_FILE, KEY_NAME = "key", "demo"
# Requests would hide what the demonstration says.
QUIET: Mapping[str, str] = {"SAYSO_LOG_LEVEL": "WARNING", "SAYSO_LOG_JSON": "false"}


def serve(home: Path, console: Console, *, port: int) -> NoReturn:
    """Say where to look and with which key, and become `sayso serve`.

    Args:
        home: SAYSO_HOME, already in the environment.
        port: where it listens on this machine.
    """
    secret = demo_key(home)
    console.print(f"\nNow look at it: [bold]http://127.0.0.1:{port}[/bold]")
    console.print(f"Sign in with the key [bold]{secret}[/bold]", soft_wrap=True)
    console.print("\nThe same key opens the API:\n")
    console.print(
        f"  curl http://127.0.0.1:{port}/api/v1/members/900 -H 'Authorization: Bearer {secret}'\n", soft_wrap=True
    )
    sys.stdout.flush()
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    # A process of its own, since this one has set Django up for commands, not for browsers.
    os.execv(sys.executable, [sys.executable, "-m", "sayso.cli", "serve", "--port", str(port)])  # noqa: S606


def demo_key(home: Path) -> str:
    """Return the key that opens the grocer's workspace; made when there is none that still does."""
    from sayso.domains.workspaces.keys import (  # noqa: PLC0415 - its table exists once Django is set up
        Grant,
        NoSuchKey,
        create_key,
        key_of,
        revoke_key,
    )
    from sayso.domains.workspaces.queries import workspace_named  # noqa: PLC0415

    place, now = home / KEY_FILE, datetime.now(UTC)
    secret = place.read_text(encoding="ascii").strip() if place.exists() else ""
    if key_of(secret, now=now):
        return secret
    grocer = workspace_named(WORKSPACE)
    with suppress(NoSuchKey):
        revoke_key(workspace=grocer, name=KEY_NAME, now=now)
    _, secret = create_key(workspace=grocer, name=KEY_NAME, grant=Grant(), now=now)
    place.touch(mode=0o600)
    place.write_text(f"{secret}\n", encoding="ascii")
    return secret
