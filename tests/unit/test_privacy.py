from __future__ import annotations

import io

import pytest
from PIL import Image

from chatbot.core.privacy import inert, mask_name, mask_own_number, neutral_file_name, shows_name
from chatbot.services.jpeg import without_metadata


@pytest.mark.parametrize("written", ["6281200000001", "+62 812-0000-0001", "081200000001", "0812 0000 0001"])
def test_own_number_is_masked_however_it_is_written(written: str) -> None:
    assert mask_own_number(f"hubungi {written} ya", "6281200000001") == "hubungi ••• ya"


def test_number_of_someone_else_is_evidence_and_stays() -> None:
    assert mask_own_number("penipunya 081299999999", "6281200000001") == "penipunya 081299999999"


def test_scoped_id_is_no_phone_number() -> None:
    assert mask_own_number("id ID.123456789012 ya", "ID.123456789012") == "id ID.123456789012 ya"


def test_name_that_is_a_phone_number_is_masked() -> None:
    assert mask_name("Warga 0812-0000-0001") == "Warga •••"


def test_text_of_a_citizen_names_nobody_and_commands_nothing_in_the_group() -> None:
    said = inert("@petugas /ambil@bot dan/atau a@b.id </b>")

    assert said.replace("\N{WORD JOINER}", "") == "@petugas /ambil@bot dan/atau a@b.id </b>"
    assert "@petugas" not in said
    assert "/ambil" not in said
    assert "dan/atau" in said


def test_only_an_open_identity_shows_a_name() -> None:
    assert [shows_name(one) for one in ("open", "confidential", "anonymous", "")] == [True, False, False, False]


def test_neutral_file_name_says_nothing_of_its_sender() -> None:
    assert neutral_file_name(2, "image/jpeg; charset=binary") == "berkas-2.jpg"
    assert neutral_file_name(1, "application/x-strange") == "berkas-1.bin"


def test_metadata_leaves_a_photo_and_not_one_pixel_changes() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Kamera Warga"
    file = io.BytesIO()
    Image.effect_noise((64, 48), 50).save(file, "JPEG", exif=exif, comment=b"rumah saya")
    clean = without_metadata(file.getvalue())

    assert clean is not None
    assert b"Kamera Warga" in file.getvalue()
    assert b"Kamera Warga" not in clean
    assert b"rumah saya" not in clean
    assert Image.open(io.BytesIO(clean)).tobytes() == Image.open(file).tobytes()


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\xff\xd8", b"\xff\xd8\xff\xe1\xff\xff", b"\xff\xd8abcdefgh"])
def test_what_is_no_readable_jpeg_is_left_alone(data: bytes) -> None:
    assert without_metadata(data) is None
