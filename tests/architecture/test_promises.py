"""Owns what keeps `docs/promises.md` true: twelve promises, and every test that it names."""

import ast
import re

from tests.architecture.sources import ROOT

TEXT = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")


def test_all_twelve_promises_are_listed() -> None:
    assert re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE) == [str(number) for number in range(1, 13)]


def test_every_test_that_is_named_exists() -> None:
    named = re.findall(r"`(tests/\S+\.py)::(\w+)`", TEXT)
    assert named
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"
