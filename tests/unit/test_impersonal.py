"""What of a question is kept when nobody is to know who asked it, with the words that the shipped FAQ knows."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from chatbot.core.impersonal import MOST, impersonal
from chatbot.matching.corpus import assemble
from chatbot.services.faq import read_folder, vocabulary_of

FAQ = Path(__file__).parents[2] / "faq"


@cache
def vocabulary() -> frozenset[str]:
    return vocabulary_of(assemble(read_folder(FAQ)))


def cleaned(text: str) -> str:
    return impersonal(text, vocabulary().__contains__)


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("telp 0812-3456-7890 atau +62 812.3456.7890 penipu bukan?", "telp … atau +… penipu bukan?"),
        ("NIK 3404 0112 3456 0001 terdaftar?", "NIK … terdaftar?"),
        ("cek rekening bca 1234567890 min", "cek rekening bca … min"),
        ("rekening 12 34 56 punya siapa?", "rekening … punya siapa?"),
        ("0 8 1 2 3 4 nomor siapa", "… nomor siapa"),
        ("hp " + "\N{FULLWIDTH DIGIT ONE}" * 5 + " itu siapa?", "hp … itu siapa?"),
        ("hp ①②③④ itu siapa?", "hp … itu siapa?"),
        ("plat B 1234 XYZ pajaknya sampai kapan?", "plat … pajaknya sampai kapan?"),
        ("ab1234cd kena etle ga?", "… kena etle ga?"),
        ("motor AD 12 AB kena tilang?", "motor … kena tilang?"),
        ("sim b 1 dan sim b1 umum beda ga?", "sim b 1 dan sim b1 umum beda ga?"),
        ("pasal 281 ayat 1 umur 17 tahun, telepon 110", "pasal 281 ayat 1 umur 17 tahun, telepon 110"),
    ],
)
def test_numbers_of_people_and_plates_are_taken_out(asked: str, kept: str) -> None:
    assert cleaned(asked) == kept


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("email saya budi.santoso@contoh.com sudah benar?", "email saya … sudah benar?"),
        ("akun @budi_s itu resmi?", "akun … itu resmi?"),
        ("apakah https://contoh.test/x?y=1 resmi?", "apakah … resmi?"),
        ("apakah www.contoh-samsat.test resmi", "apakah … resmi"),
        ("apakah samsat-contoh.id resmi", "apakah … resmi"),
        ("perpanjang sim.berapa biayanya", "perpanjang sim.berapa biayanya"),
    ],
)
def test_addresses_of_the_network_are_taken_out(asked: str, kept: str) -> None:
    assert cleaned(asked) == kept


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("nama saya budi santoso mau tanya sim hilang", "nama saya … mau tanya sim hilang"),
        ("Nama saya Budi Santoso, apakah SIM saya sudah jadi?", "Nama saya …, apakah SIM saya sudah jadi?"),
        ("nama saya bagus surya apakah bisa?", "nama saya … apakah bisa?"),
        ("namaku agus, kok belum jadi?", "namaku …, kok belum jadi?"),
        ("Nama: Siti Aminah\nPertanyaan: apakah bisa?", "Nama: … Pertanyaan: apakah bisa?"),
        ("nama lengkap = rina wati, sudah terdaftar?", "nama lengkap = …, sudah terdaftar?"),
        ("sim atas nama wahyudi sudah jadi?", "sim atas nama … sudah jadi?"),
        ("atas nama bapak saya budi apakah bisa?", "atas nama bapak saya … apakah bisa?"),
        ("a.n. siti nur aini kok belum keluar?", "a.n. … kok belum keluar?"),
        ("A/N BUDI SANTOSO kapan jadi", "A/N … kapan jadi"),
        ("skck an. Rini Astuti yg kemarin sudah bisa diambil?", "skck an. … yg kemarin sudah bisa diambil?"),
        ("stnk an budi bisa diambil?", "stnk an … bisa diambil?"),
        ("KAPAN SIM ATAS NAMA BUDI SANTOSO JADI?", "KAPAN SIM ATAS NAMA … JADI?"),
        ("sdr joko tanya kapan tes psikologi?", "sdr … tanya kapan tes psikologi?"),
        ("briptu andi itu benar anggota polres?", "briptu … itu benar anggota polres?"),
        ("my name is john smith, how can I get my licence?", "my name is …, how can I get my licence?"),
        ("mr. smith and mrs jones lost a passport", "mr. … and mrs … lost a passport"),
        ("is it printed yet? name: peter smith", "is it printed yet? name: …"),
    ],
)
def test_names_behind_the_words_that_announce_them_are_taken_out_however_written(asked: str, kept: str) -> None:
    assert cleaned(asked) == kept


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("Apakah Pak Bambang Sutrisno masih dinas?", "Apakah Pak … masih dinas?"),
        ("apakah Bu Bagus masih dinas?", "apakah Bu … masih dinas?"),
        ("saya Bagus mau tanya, kapan buka?", "saya … mau tanya, kapan buka?"),
        ("saya M. Rizki Ramadhan mau daftar polisi", "saya … mau daftar polisi"),
        ("suami saya Hendra ditahan, kapan boleh dijenguk?", "suami saya … ditahan, kapan boleh dijenguk?"),
        ("kapan SIM Budi jadi?", "kapan SIM … jadi?"),
        ("kapan SIM milik Nur'aini Al-Fatih jadi?", "kapan SIM milik … jadi?"),
        ("apakah Siti Aminah sudah terdaftar?", "apakah … sudah terdaftar?"),
        ("Budi Santoso mau tanya, kapan buka?", "… mau tanya, kapan buka?"),
        ("Kapan buka? Terima kasih. Budi", "Kapan buka? Terima kasih. …"),
        ("Kapan buka? Terima kasih,\nBudi Santoso", "Kapan buka? Terima kasih, …"),
        ("I'm Peter, where is the office?", "I'm …, where is the office?"),
    ],
)
def test_words_written_like_names_are_taken_out(asked: str, kept: str) -> None:
    assert cleaned(asked) == kept


@pytest.mark.parametrize(
    "asked",
    [
        "apakah pinjol ilegal bisa dilaporkan?",
        "Pinjol ilegal lapor ke mana?",
        "Pinjol?",
        "pak pinjol ilegal lapor ke mana?",
        "nama saya salah di SKCK, bagaimana cara membetulkan?",
        "nama saya beda antara KTP dan ijazah",
        "balik nama motor bekas berapa?",
        "apakah boleh atas nama orang lain?",
        "Bagaimana Cara Membuat Izin Keramaian Untuk Acara Nikah?",
        "APAKAH SKCK BISA DIURUS DI POLSEK?",
        "nomor BKSDA berapa ya Pak?",
        "Selamat pagi Pak Polisi, kapan Satpas buka?",
        "Saya Kehilangan Dompet Di Jalan",
        "Simnya bisa diperpanjang daring?",
    ],
)
def test_questions_without_anything_personal_stay_as_they_are(asked: str) -> None:
    assert cleaned(asked) == asked


def test_what_is_long_is_cut_at_a_word() -> None:
    kept = cleaned("apakah bisa " * 40)
    assert len(kept) <= MOST
    assert kept.endswith(("apakah…", "bisa…"))
    assert len(cleaned("x" * 4096)) == MOST


def test_lines_and_several_names_in_a_row_become_one() -> None:
    assert cleaned("kapan buka?\n\n  di mana?") == "kapan buka? di mana?"
    assert cleaned("korban Budi, Joko, Hendra dan saya") == "korban … dan saya"


def test_common_names_are_not_among_the_known_words() -> None:
    names = (
        "budi dewi andi rina santoso wahyudi astuti hidayat ahmad joko fatimah kurniawan lestari wijaya nugroho john"
    )
    assert vocabulary().isdisjoint(names.split())


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("sim punya budi santoso ilang gimana", "sim punya … ilang gimana"),
        ("wahyudi mau perpanjang sim", "… mau perpanjang sim"),
        ("jadwal kapal ferry ada?", "jadwal kapal ferry ada?"),
        ("drone budi boleh terbang?", "drone … boleh terbang?"),
    ],
)
def test_common_names_are_taken_out_though_they_are_written_small(asked: str, kept: str) -> None:
    assert cleaned(asked) == kept
