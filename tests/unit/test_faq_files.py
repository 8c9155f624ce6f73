from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.matching.corpus import assemble
from chatbot.matching.entry_file import MAX_BYTES, render
from chatbot.services.faq import read_folder
from chatbot.services.faq_files import read_texts, target_of, write_texts
from tests.unit.sheet_files import entry

FILE = render(entry())


@pytest.mark.parametrize(
    ("sent", "target"),
    [
        ("sim-biaya.md", "local/sim/sim-biaya.md"),
        ("sim/sim-biaya.md", "local/sim/sim-biaya.md"),
        ("sim-biaya (1).md", "local/sim/sim-biaya.md"),
        ("ours.md", "local/unit/ours.md"),
        ("new.md", "local/new.md"),
        ("new (12).en.md", "local/new.en.md"),
    ],
)
def test_change_goes_to_the_units_own_layer_beside_what_it_changes(sent: str, target: str) -> None:
    corpus = assemble({"sim/sim-biaya.md": FILE, "local/unit/ours.md": FILE.replace(b"sim-biaya", b"ours")})
    assert corpus.faults == ()
    assert target_of(sent, corpus) == target


def test_files_are_written_read_and_deleted_as_they_were(tmp_path: Path) -> None:
    texts = {"local/a/x.md": "satu\r\ndua\n", "local/y.md": None}
    write_texts(tmp_path, texts)
    assert read_texts(tmp_path, list(texts)) == texts

    write_texts(tmp_path, {"local/a/x.md": None})
    assert read_texts(tmp_path, ["local/a/x.md"]) == {"local/a/x.md": None}
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("name", ["x.md", "../x.md", "local/../sim/x.md", "/etc/x.md", "soal-uji/x.tsv"])
def test_nothing_outside_the_units_own_layer_is_read_or_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(PermissionError):
        write_texts(tmp_path, {name: "x"})
    with pytest.raises(PermissionError):
        read_texts(tmp_path, [name])
    assert list(tmp_path.iterdir()) == []


def test_layer_may_lie_on_another_disk(tmp_path: Path) -> None:
    shared, folder = tmp_path / "shared", tmp_path / "faq"
    shared.mkdir()
    folder.mkdir()
    (folder / "local").symlink_to(shared)
    write_texts(folder, {"local/x.md": "x"})

    assert (shared / "x.md").read_text() == "x"


def test_of_a_huge_file_only_enough_is_read_to_refuse_it(tmp_path: Path) -> None:
    (tmp_path / "x.md").write_bytes(b"x" * (2 * MAX_BYTES))
    assert len(read_folder(tmp_path)["x.md"]) == MAX_BYTES + 1
