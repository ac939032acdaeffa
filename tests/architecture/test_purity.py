"""The core stands on the standard library alone, its tests run where Django cannot be imported, and the domains
know nothing of HTTP."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.architecture.sources import CORE, ROOT, imported_packages, name_of, parsed

DOCUMENT_LIBRARIES = {"babel", "liquid", "pydantic", "pydantic_core", "ruamel"}
HTTP = ("django.http", "django.views", "django.urls", "django.shortcuts", "django.test", "http.")


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


def test_core_asks_nobody_what_time_it_is() -> None:
    asked = [
        f"{name_of(path)}:{node.lineno} {node.func.attr}"
        for path in CORE.rglob("*.py")
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node.func.value, ast.Name) and node.func.value.id in {"date", "datetime", "uuid"}
        if node.func.attr in {"now", "utcnow", "today", "uuid1", "uuid4"}
    ]
    assert not asked


def without_django(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest as `bin/test` runs the tests of the core."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:xdist", "-p", "no:cacheprovider"]
    return subprocess.run([*command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False)


def test_the_core_and_its_tests_are_imported_without_django() -> None:
    """That they run too is seen by `bin/test`, which runs them so and in no other way."""
    result = without_django("--collect-only", "tests/core")
    assert result.returncode == 0, result.stdout[-4000:] + result.stderr[-4000:]
    assert " tests collected" in result.stdout


def test_django_really_is_refused_there(tmp_path: Path) -> None:
    test = tmp_path / "test_refused.py"
    test.write_text("def test_it():\n    import django\n")
    result = without_django("-p", "tests.core.conftest", str(test))
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
