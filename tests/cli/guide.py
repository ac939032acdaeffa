"""What a page of the guide shows: its files, and its commands with what they print."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

GUIDE = Path(__file__).parents[2] / "docs" / "guide"
ANYTHING = "…"

_FENCE = re.compile(r"^```(?P<info>.*)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """A file that the page shows in full."""

    name: str
    text: str


@dataclass(frozen=True)
class Command:
    """A command that the page shows, with what it prints; `…` stands for anything."""

    line: str
    output: list[str] = field(default_factory=list)

    def prints(self, output: str) -> bool:
        """Whether this is what the page shows."""
        shown = "\n".join(self.output).rstrip("\n")
        pattern = "(?s:.*)".join(map(re.escape, shown.split(ANYTHING)))
        return re.fullmatch(pattern, output.rstrip("\n")) is not None


def read_page(name: str) -> Iterator[File | Command]:
    """Yield the files and commands of a page, in their order."""
    for block in _FENCE.finditer((GUIDE / name).read_text(encoding="utf-8")):
        kind, _, file = block["info"].partition(" ")
        if kind == "console":
            yield from _commands(block["body"])
        elif file:
            yield File(file, block["body"])


def _commands(body: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        line, *output = part.splitlines()
        yield Command(line, output)


def write_output(page: str, command: Command, output: str) -> None:
    """Put what a command prints now into its page."""
    text = (GUIDE / page).read_text(encoding="utf-8")
    was, now = ("\n".join([f"$ {command.line}", *lines]) for lines in (command.output, output.splitlines()))
    (GUIDE / page).write_text(text.replace(f"{was}\n", f"{now}\n", 1), encoding="utf-8")
