"""An installation with a database of its own, worked on by processes of its own: for tests that race and kill them.

Owns the environment of the processes and asking the database what became of it. It must not check anything.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

# What a test asks of the database is asked in a process that has that database.
ASK = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "sayso.config.settings"
django.setup()
from django.core.management import call_command
from tests.domains.cast import FRIENDS, STARS, contents, open_bluebell
from sayso.domains.decisions.verify import verify
from sayso.domains.events.models import Event
from sayso.domains.workspaces.queries import workspace_named
"""


class Installation:
    """One database of its own, asked and written to by processes."""

    def __init__(self, url: str, home: Path, **more: str) -> None:
        path = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        self.environment = {
            **os.environ, "DATABASE_URL": url, "SAYSO_HOME": str(home), "PYTHONPATH": path, **more
        }  # fmt: skip

    def ask(self, *programs: str) -> list[str]:
        """Run programs one after the other in one process of the installation and return what each prints."""
        command = [sys.executable, "-c", "\n".join([ASK, *programs])]
        done = subprocess.run(command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.splitlines()

    def start(self, module: str, *arguments: object) -> subprocess.Popen[str]:
        """Start a module as a process of the installation, its output to be read."""
        command = [sys.executable, "-m", module, *map(str, arguments)]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, text=True)


OPEN = '[open_bluebell(FRIENDS, name=name) for name in ("bluebell", "calm")]'
SOUND = 'print(verify(workspace_named("bluebell")))'
STORED = 'print(" ".join(Event.objects.filter(workspace=1, source="till").values_list("external_id", flat=True)))'
SAME = """
rows = [contents(workspace_named(name)) for name in ("bluebell", "calm")]
print([table for table in rows[0] if rows[0][table] != rows[1][table]])
"""
"""Programs for `Installation.ask`: two workspaces that ought to end alike, and what became of them."""
