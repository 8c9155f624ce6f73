from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from chatbot.services.picture import distance, picture_hash
from tests.unit.pictures import copied, jpeg, scene

NEAR = 4
SCENES = range(20)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def hash_of(path: Path, data: bytes) -> str:
    path.write_bytes(data)
    return picture_hash(path)


@pytest.mark.parametrize("seed", SCENES)
def test_smaller_recompressed_copy_is_the_same_picture(path: Path, seed: int) -> None:
    image = scene(seed)

    assert distance(hash_of(path, jpeg(image)), hash_of(path, copied(image))) <= NEAR


def test_other_picture_is_another_one(path: Path) -> None:
    hashes = [hash_of(path, jpeg(scene(seed))) for seed in SCENES]
    pairs = [(one, other) for one in hashes for other in hashes if one is not other]

    assert min(distance(one, other) for one, other in pairs) > NEAR


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_picture_is_the_same_in_another_form(path: Path, form: str) -> None:
    image = scene(1)
    file = io.BytesIO()
    image.save(file, form)

    assert distance(hash_of(path, jpeg(image)), hash_of(path, file.getvalue())) <= NEAR


def test_photo_that_is_to_be_turned_is_the_same_as_its_turned_copy(path: Path) -> None:
    image = scene(2)
    note = Image.Exif()
    note[0x0112] = 6  # the camera was held upright
    lying = image.transpose(Image.Transpose.ROTATE_90)

    assert distance(hash_of(path, jpeg(image)), hash_of(path, jpeg(lying, exif=note))) <= NEAR


def test_bits_say_which_of_two_neighbours_is_darker(path: Path) -> None:
    ramp = Image.linear_gradient("L").rotate(90)
    brighter, darker = (hash_of(path, jpeg(one)) for one in (ramp, ramp.rotate(180)))

    assert {brighter, darker} == {"f" * 16, "0" * 16}
    assert distance(brighter, darker) == 64


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(side: int) -> bytes:
    """A PNG that claims to be as wide and high as this, and holds next to nothing."""
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        b"\xff\xd8\xff",
        jpeg(scene(3))[:2000],
        jpeg(Image.new("RGB", (640, 480), (90, 120, 150))),
        jpeg(Image.new("RGB", (640, 480))),
        png_of(6000),
        png_of(60_000),
    ],
    ids=["empty", "text", "cut head", "cut picture", "one colour", "black", "large", "huge"],
)
def test_what_is_broken_huge_or_shows_nothing_has_no_hash(path: Path, data: bytes) -> None:
    assert hash_of(path, data) == ""


def test_file_that_is_not_there_has_no_hash(path: Path) -> None:
    assert picture_hash(path) == ""
