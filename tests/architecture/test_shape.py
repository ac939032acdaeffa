"""Files and functions stay small, are named for what they do, and say what they own."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from tests.architecture.sources import Function, functions, kept_files, name_of, parsed, python_files

LONGEST_FILE_LINES = 500
LONGEST_FUNCTION_LINES = 60
MOST_ARGUMENTS = 5
BANNED_NAMES = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "services", "service", "misc"}
UNFINISHED = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX|HA" + r"CK)\b")


def test_files_are_short() -> None:
    long = [name_of(path) for path in python_files() if len(path.read_text().splitlines()) > LONGEST_FILE_LINES]
    assert not long


def test_functions_are_short() -> None:
    long = [
        f"{name_of(path)}:{function.lineno} {function.name}"
        for path in python_files()
        for function in functions(path)
        if (function.end_lineno or 0) - function.lineno >= LONGEST_FUNCTION_LINES
    ]
    assert not long


def count_arguments(function: Function) -> int:
    """Return how many arguments a caller may have to give, `self` and `cls` not among them."""
    arguments = function.args
    positional = [*arguments.posonlyargs, *arguments.args]
    own = 1 if positional and positional[0].arg in {"self", "cls"} else 0
    return len(positional) - own + len(arguments.kwonlyargs)


def written_out(path: Path) -> list[Function]:
    """Return the constructors that a dataclass would write just so: one argument for each of its fields, in order."""
    found: list[Function] = []
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.ClassDef) and any("init=False" in ast.unparse(each) for each in node.decorator_list):
            fields = [ast.unparse(each.target) for each in node.body if isinstance(each, ast.AnnAssign)]
            for each in node.body:
                if isinstance(each, ast.FunctionDef) and each.name == "__init__":
                    given = [one.arg for one in (*each.args.args, *each.args.kwonlyargs)]
                    found += [each] if given == ["self", *fields] else []
    return found


def test_functions_take_few_arguments() -> None:
    wide = [
        f"{name_of(path)}:{function.lineno} {function.name}"
        for path in python_files()
        if "tests" not in path.parts
        for function in functions(path)
        if count_arguments(function) > MOST_ARGUMENTS and function not in written_out(path)
    ]
    assert not wide


def test_no_file_or_folder_is_named_for_nothing() -> None:
    banned = [name_of(path) for path in kept_files() if BANNED_NAMES & {path.stem, *name_of(path).split("/")[:-1]}]
    assert not banned


def test_every_module_says_what_it_owns() -> None:
    silent = [
        name_of(path)
        for path in python_files()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(parsed(path))
    ]
    assert not silent


def test_every_public_function_says_what_it_does() -> None:
    silent = [
        f"{name_of(path)}:{function.lineno} {function.name}"
        for path in python_files()
        if "tests" not in path.parts
        for function in parsed(path).body
        if isinstance(function, Function) and not function.name.startswith("_") and not ast.get_docstring(function)
    ]
    assert not silent


def test_nothing_is_left_unfinished() -> None:
    marked = [name_of(path) for path in kept_files() if UNFINISHED.search(path.read_text(errors="replace"))]
    assert not marked
