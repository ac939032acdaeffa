"""Where what decides is compiled, all of it is: a part that is left out falls back to Python without a word."""

import importlib
import os
import tomllib
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def modules() -> list[str]:
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    compiled = content["tool"]["hatch"]["build"]["hooks"]["mypyc"]
    found = {str(file.relative_to(ROOT)) for pattern in compiled["include"] for file in ROOT.glob(pattern)}
    left_out = {file for file in found for pattern in compiled["exclude"] if fnmatch(file, f"*{pattern}")}
    return [file.removeprefix("src/").removesuffix(".py").replace("/", ".") for file in sorted(found - left_out)]


def test_all_that_decides_is_compiled_or_nothing() -> None:
    wanted = ".so" if os.environ.get("SAYSO_TEST_COMPILED") else ".py"
    names = modules()
    assert len(names) > 50
    assert {Path(str(importlib.import_module(name).__file__)).suffix for name in names} == {wanted}
