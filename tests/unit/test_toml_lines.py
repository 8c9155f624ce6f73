"""On which line each key and each item of a list stands."""

from __future__ import annotations

import tomllib
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chatbot.services.toml_lines import Keys, lines_of

TEXT = '''# [tidak] = "bagian"
name = "a [b] # c = {d}"  # [e]
'quoted "key"' = 'x # y'
"esc\\u0061ped" = 1

long = """
[bukan.bagian]
bukan = 1 \\"""
""""
days = [ # [1,
  "senin", # "x",

  """se
lasa""", [
    2026-12-24 10:00:00,
  ],
]
a.b . c = 1.5
inline = { first = "5m", done = [1, { x = 2 }] }

[units . "spkt"]  # [units.lain]
name = 'S\\'
[[rows]]
x = 1
[[rows]]
y = 2
[units.spkt.hours]
end = 08:00:00
'''


def test_keys_are_found_whatever_strings_and_comments_hold() -> None:
    tomllib.loads(TEXT)
    assert lines_of(TEXT) == {
        ("name",): 2,
        ('quoted "key"',): 3,
        ("escaped",): 4,
        ("long",): 6,
        ("days",): 10,
        ("days", 0): 11,
        ("days", 1): 13,
        ("days", 2): 14,
        ("days", 2, 0): 15,
        ("a",): 18,
        ("a", "b"): 18,
        ("a", "b", "c"): 18,
        ("inline",): 19,
        ("inline", "first"): 19,
        ("inline", "done"): 19,
        ("inline", "done", 0): 19,
        ("inline", "done", 1): 19,
        ("inline", "done", 1, "x"): 19,
        ("units",): 21,
        ("units", "spkt"): 21,
        ("units", "spkt", "name"): 22,
        ("rows",): 23,
        ("rows", "x"): 24,
        ("rows", "y"): 26,
        ("units", "spkt", "hours"): 27,
        ("units", "spkt", "hours", "end"): 28,
    }


def test_windows_line_ends_count_once_and_a_last_line_needs_none() -> None:
    assert lines_of("a = 1\r\n\r\nb = [\r\n2]") == {("a",): 1, ("b",): 3, ("b", 0): 4}
    assert lines_of("") == {}


SPACE = st.sampled_from(["", " ", "\n", " # ] , } [\n", "\n\n  "])
SCALARS = st.sampled_from(
    [
        "1",
        "-2.5e3",
        "true",
        "2026-12-24",
        "2026-12-24 08:00:00",
        '""',
        "''",
        '"]"',
        "'#'",
        '"""\n]"a"\\""""',
        "'''\n'''",
    ]
)


@st.composite
def values(draw: st.DrawFn, depth: int = 3) -> str:
    if not depth or draw(st.booleans()):
        return draw(SCALARS)
    items = draw(st.lists(values(depth - 1), max_size=3))
    spaces = [draw(SPACE) for _ in range(2 * len(items) + 1)]
    inner = "".join(f"{spaces[2 * at]}{item}{spaces[2 * at + 1]}," for at, item in enumerate(items))
    return f"[{inner}{spaces[-1]}]"


def leaves(value: Any, keys: Keys) -> list[Keys]:
    inner = enumerate(value) if isinstance(value, list) else value.items() if isinstance(value, dict) else ()
    return [keys, *(leaf for key, one in inner for leaf in leaves(one, (*keys, key)))]


@given(st.lists(values(), max_size=6), SPACE)
def test_every_value_that_the_reader_knows_has_the_line_it_begins_on(written: list[str], space: str) -> None:
    text, expected = "", {}
    for number, value in enumerate(written):
        text += f"{space if space.endswith(chr(10)) else ''}[t{number}]\nk{number} = {value}\n"
        expected[f"t{number}", f"k{number}"] = text.count("\n", 0, text.rindex(f"k{number} = ")) + 1
    found = lines_of(text)
    everything = [leaf for key, value in tomllib.loads(text).items() for leaf in leaves(value, (key,))]
    assert set(found) == set(everything)
    assert {keys: found[keys] for keys in expected} == expected
