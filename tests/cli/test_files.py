"""Files are read line by line: whatever a line holds, it becomes fields or a problem at its number."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Iterator

import pytest

from sayso.cli.answers import Refused
from sayso.cli.imports.columns import header_of
from sayso.cli.imports.files import LONGEST_LINE_BYTES, Form, Line, form_of, read_lines
from sayso.cli.imports.lists import KINDS


def lines(text: str | bytes, form: Form, kind: str = "events") -> list[Line]:
    """Read a text as a file of that kind."""
    raw = text.encode() if isinstance(text, str) else text
    chosen = KINDS[kind]
    header = header_of(chosen.cells, deeper=chosen.deeper, needed=chosen.needed)
    return list(read_lines(io.BytesIO(raw), form, header))


def test_csv_and_ndjson_say_the_same() -> None:
    written = lines(
        "\ufeffid,type,member,occurred_at,amount_minor,currency,referral_code,refers_to,props.store\n"
        "b-1,purchase,900,2017-01-01T11:53:26Z,1240,USD,,,330\n",
        "csv",
    )
    json_line = (
        '{"id": "b-1", "type": "purchase", "member": "900", "occurred_at": "2017-01-01T11:53:26Z", '
        '"amount_minor": 1240, "currency": "USD", "props": {"store": "330"}}\n'
    )
    assert [line.fields for line in written] == [line.fields for line in lines(json_line, "ndjson")]


def test_what_sayso_reads_itself_gets_its_type() -> None:
    (line,) = lines("id,type,occurred_at,props.points,props.choice,props.size:json\n1,x,y,50,1,3\n", "csv")
    assert line.fields is not None
    assert line.fields["props"] == {"points": 50, "choice": 1, "size": 3}


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_other_delimiters(delimiter: str) -> None:
    text = "member,unit,amount\nada,beans,12\n".replace(",", delimiter)
    assert lines(text, "csv", "balances")[0].fields == {"member": "ada", "unit": "beans", "amount": 12}


def test_problems_stand_at_their_lines() -> None:
    text = 'member,unit,amount\nada,beans,12\nben,beans\nchloé,beans,1.5\n\n"dar\nio",beans,x\n'
    read = lines(text, "csv", "balances")
    assert [line.number for line in read] == [2, 3, 4, 6]
    assert ["cells" in line.problem or "whole number" in line.problem for line in read] == [False, True, True, True]


def test_broken_text_is_a_problem_of_its_line() -> None:
    read = lines(b"member,unit,amount\nad\xffa,beans,1\nben,beans,2\n", "csv", "balances")
    assert read[0].problem == "it is not written in UTF-8"
    assert read[1].fields is not None


def test_unknown_columns_are_refused_at_once() -> None:
    with pytest.raises(Refused, match="perhaps 'member'"):
        lines("membr,unit,amount\n", "csv", "balances")
    with pytest.raises(Refused, match="'amount' is missing"):
        lines("member,unit\n", "csv", "balances")
    with pytest.raises(Refused, match="twice"):
        lines("member,member,unit,amount\n", "csv", "balances")
    with pytest.raises(Refused, match="empty"):
        lines("", "csv", "balances")
    with pytest.raises(Refused, match="UTF-8"):
        lines("member,unit,amount\n".encode("utf-16"), "csv", "balances")
    with pytest.raises(Refused, match="cannot be read as CSV"):
        lines("member," * 5 + "x" * 200_000, "csv", "balances")


@pytest.mark.parametrize(
    "text",
    ["nonsense", "[1]", '{"id": NaN}', '{"a":' * 5000, '{"id": "\\ud800"}', '{"id": "1", "amount": 5, "amount": 500}'],
)
def test_lines_that_are_no_objects(text: str) -> None:
    first, second = lines(f'{text}\n{{"id": "1"}}\n', "ndjson")
    assert first.problem
    assert second.fields == {"id": "1"}


@pytest.mark.parametrize(("form", "head", "tail"), [("ndjson", b"", b'{"id": "1"}'), ("csv", b"id\n", b"1")])
def test_a_line_without_end_is_never_held(form: Form, head: bytes, tail: bytes) -> None:
    stream = io.BytesIO(head + b"x" * (20 * LONGEST_LINE_BYTES) + b"\n" + tail)
    tracemalloc.start()
    read = list(read_lines(stream, form, lambda _: lambda _: {}))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [bool(line.problem) for line in read] == [True, False]
    assert peak < 4 * LONGEST_LINE_BYTES


def test_a_file_is_read_lazily() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            assert isinstance(buffer, memoryview)
            text = b'{"id": "1"}\n' * (len(buffer) // 12)
            buffer[: len(text)] = text
            return len(text)

    read: Iterator[Line] = read_lines(io.BufferedReader(Endless()), "ndjson", lambda _: lambda _: {})
    assert [next(read).number for _ in range(5000)][-1] == 5000


def test_the_form_of_a_file() -> None:
    assert form_of(".CSV", None) == "csv"
    assert form_of(".jsonl", None) == "ndjson"
    assert form_of("", "csv") == "csv"
    with pytest.raises(Refused, match="--format"):
        form_of(".txt", None)
