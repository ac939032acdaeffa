"""A package that lacks its files: the wheel is built and unpacked, and what it holds runs without the sources."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.installation import ROOT

SOURCES = ("src", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE")
# Written by hand, and not needed by what runs: the compiled words are.
NOT_PACKED = {".po"}
RUNS = """
import sayso, django
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils.translation import gettext, override
django.setup()
get_template("console/home.html")
assert finders.find("console/console.css")
assert finders.find("site/site.css")
with override("es"):
    print(sayso.__file__, gettext("Sign in"), sep="|")
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The contents of the wheel, built from a copy of the sources."""
    copy, dist, place = (tmp_path_factory.mktemp(name) for name in ("sources", "dist", "place"))
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.mo"))
        else:
            shutil.copy(ROOT / name, copy / name)
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(dist)], cwd=copy, check=True)
    (wheel,) = dist.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(place)
    return place


def files_below(folder: Path) -> set[Path]:
    """The files of a folder, without what Python leaves there."""
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return {path for path in found if "__pycache__" not in path.parts}


def test_a_package_that_lacks_its_files(unpacked: Path) -> None:
    there, packed = files_below(ROOT / "src/sayso"), files_below(unpacked / "sayso")
    wanted = {path for path in there if path.suffix not in NOT_PACKED}
    wanted |= {path.with_suffix(".mo") for path in there if path.suffix == ".po"}
    assert {str(path) for path in wanted - packed} == set()
    assert {".css", ".html", ".js", ".mo", ".py"} <= {path.suffix for path in packed}


def test_a_package_runs_without_its_sources(unpacked: Path, tmp_path: Path) -> None:
    environment = {
        **os.environ, "PYTHONPATH": str(unpacked), "SAYSO_HOME": str(tmp_path / "home"), "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "sayso.config.settings",
    }  # fmt: skip
    command = [sys.executable, "-c", RUNS]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    place, word = done.stdout.strip().split("|")
    assert Path(place).is_relative_to(unpacked)
    assert word != "Sign in"
