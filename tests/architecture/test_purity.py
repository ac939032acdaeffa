"""The core stands on the standard library alone, its tests run where Django cannot be imported, and the domains
know nothing of HTTP."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import CORE, ROOT, imported_packages, name_of, parsed

DOCUMENT_LIBRARIES = {"babel", "pydantic", "pydantic_core", "ruamel"}
HTTP = ("django.http", "django.views", "django.urls", "django.shortcuts", "django.test", "http.")

# Run as `python -c`: Django and everything that belongs to other rooms is refused, then the tests of the core run.
WITHOUT_DJANGO = """
import sys

class Refused:
    def find_spec(self, name, path=None, target=None):
        if name.partition('.')[0] in {'django', 'psycopg', 'msgspec', 'sqlite3', '_sqlite3'}:
            raise ImportError(f'{name} cannot be imported here')

sys.meta_path.insert(0, Refused())
import pytest
sys.exit(pytest.main(sys.argv[1:]))
"""


def test_core_imports_the_standard_library_alone() -> None:
    strangers = {}
    for path in CORE.rglob("*.py"):
        allowed = sys.stdlib_module_names | {"sayso"}
        if CORE / "program" in path.parents:
            allowed = allowed | DOCUMENT_LIBRARIES
        if unknown := imported_packages(path) - allowed:
            strangers[name_of(path)] = unknown
    assert not strangers


def test_core_reads_no_clock_and_no_chance() -> None:
    impure = {
        name_of(path): found
        for path in CORE.rglob("*.py")
        if (found := imported_packages(path) & {"random", "secrets", "time", "socket", "subprocess", "sqlite3", "os"})
    }
    assert not impure


def test_core_tests_run_without_django() -> None:
    options = ["-p", "no:django", "-p", "no:xdist", "-p", "no:hypothesispytest", "-p", "no:cacheprovider", "-q"]
    command = [sys.executable, "-W", "ignore", "-c", WITHOUT_DJANGO, *options, "tests/core"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    assert " passed" in result.stdout


def test_django_really_is_refused_there(tmp_path: Path) -> None:
    test = tmp_path / "test_refused.py"
    test.write_text("def test_it():\n    import django\n")
    command = [sys.executable, "-c", WITHOUT_DJANGO, "-p", "no:django", "-p", "no:cacheprovider", str(test)]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert "django cannot be imported here" in result.stdout


def test_domains_know_nothing_of_http() -> None:
    aware = []
    for path in (ROOT / "src" / "sayso" / "domains").rglob("*.py"):
        for node in ast.walk(parsed(path)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            aware += [f"{name_of(path)}: {name}" for name in names if f"{name}.".startswith(HTTP)]
    assert not aware
