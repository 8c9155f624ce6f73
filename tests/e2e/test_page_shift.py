"""The page in the browser: an officer's whole shift as a script, with a citizen on each platform.

Everybody types and presses on the page; what counts is what each of them reads there. The shift is told in two parts,
since a group takes twenty messages of a bot in a minute and a real shift is longer than that.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect

from tests.e2e.page_world import CHROMIUM
from tests.e2e.visitor import NARROW, PATIENCE, Visitor, visiting
from tests.e2e.world import FAQ

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium; set CHATBOT_TEST_CHROMIUM to its path"),
    pytest.mark.timeout(110),
]
GENERAL = "Umum"
THEFT = "lapor, motor saya dicuri kemarin jam 07.00 di pasar Contoh"
RACE = "lapor, ada balap liar kemarin jam 23.00 di jalan raya Contoh"
NUMBER = re.compile(r"\d{3}-\d{3}-\d{4}")


async def told(visitor: Visitor, phone: str, words: str) -> Locator:
    """Wait until the bot says that on a phone, and return the latest message that does."""
    message = visitor.phone(phone).locator(".message.bot").filter(has_text=words).last
    await expect(message).to_be_visible(timeout=PATIENCE)
    return message


async def noticed(visitor: Visitor, words: str) -> None:
    """Wait for the line that answers an officer's press, and goes away by itself."""
    await expect(visitor.phone("group").locator(".toast").filter(has_text=words)).to_be_visible(timeout=PATIENCE)


async def enter(visitor: Visitor, name: str) -> None:
    """Go into one of the group's topics, from wherever the officer is."""
    group = visitor.phone("group")
    back = group.get_by_role("button", name="Kembali ke daftar topik")
    if await back.is_visible():
        await back.click()
    await group.locator(".topic b").filter(has_text=name).click(timeout=PATIENCE)


async def reply(visitor: Visitor, phone: str, message: Locator, text: str) -> None:
    await message.get_by_role("button", name="Tindakan").click()
    await visitor.press(phone, "Balas")
    await expect(visitor.phone(phone).locator(".about")).to_contain_text("Membalas")
    await visitor.write(phone, text)


async def become(visitor: Visitor, officer: str) -> None:
    await visitor.phone("group").get_by_label("Menulis sebagai").select_option(label=officer)


async def complain(visitor: Visitor, phone: str, story: str) -> str:
    """A complaint in one message, and the few questions that are left; its number."""
    await visitor.write(phone, story)
    await visitor.press(phone, "Ya, buat aduan")
    await visitor.press(phone, "Setuju")
    await told(visitor, phone, "Siapa yang diduga")
    await visitor.press(phone, "Lewati")
    await told(visitor, phone, "bukti")
    await visitor.press(phone, "Lewati")
    await visitor.press(phone, "Terbuka")
    await visitor.press(phone, "Kirim")
    opened = await told(visitor, phone, "diterima dengan nomor")
    found = NUMBER.search(await opened.inner_text())
    assert found
    return found[0]


async def take(visitor: Visitor, number: str) -> None:
    """The officer reads the card, says that it was checked, and takes it; the citizen reads both."""
    card = await told(visitor, "group", "Status: Diterima")
    await expect(card).to_contain_text(f"#{number} · Kejahatan")
    await expect(card).to_contain_text("motor saya dicuri")
    await visitor.press("group", "Verifikasi")
    await noticed(visitor, "Diverifikasi. Warga diberi tahu.")
    await told(visitor, "telegram", "sudah diperiksa petugas")
    await visitor.press("group", "Ambil")
    await noticed(visitor, f"Anda menangani #{number}")
    await told(visitor, "telegram", "sedang ditangani petugas")
    await told(visitor, "group", "Status: Ditangani · Petugas: Petugas 1")


async def close(visitor: Visitor, result: str) -> None:
    """The officer closes by the button and a reply, and the citizen reads the result."""
    await visitor.press("group", "Tutup")
    prompt = await told(visitor, "group", "Balas pesan ini dengan hasil")
    # The card is far above what it led to.
    await visitor.press("group", "Ke pesan terbaru")
    await expect(prompt).to_be_in_viewport()
    await reply(visitor, "group", prompt, result)
    await told(visitor, "telegram", f"dinyatakan selesai oleh Polres Contoh: {result}")
    await expect(visitor.phone("group").locator(".service").last).to_have_text("topik ditutup", timeout=PATIENCE)


async def look_at_work(visitor: Visitor, held: str, free: str) -> None:
    """The queue, a search, the figures of the day and one ticket, whose link leads to its topic."""
    group = visitor.phone("group")
    await enter(visitor, GENERAL)
    await visitor.write("group", "/antrean")
    queue = await told(visitor, "group", "Aduan terbuka: 2")
    await expect(queue).to_contain_text(f"#{held} · Lalu lintas · Petugas 1")
    await expect(queue).to_contain_text(f"#{free} · Kejahatan · belum ada petugas")
    await visitor.write("group", "/cari motor pasar")
    await expect(await told(visitor, "group", "Aduan yang memuat “motor pasar”")).to_contain_text(f"#{free}")
    await visitor.write("group", "/rekap")
    picture = (await told(visitor, "group", "Masuk: 2 (darurat: 0)")).locator("img")
    await expect(picture).to_have_js_property("complete", value=True, timeout=PATIENCE)
    assert await picture.evaluate("(image) => image.naturalWidth") > 0
    await visitor.write("group", f"/tiket {held}")
    ticket = await told(visitor, "group", "Riwayat")
    await expect(ticket).to_contain_text("keterangan diminta · Petugas 1: Berapa motornya?")
    await expect(ticket).to_contain_text("ditambah · warga: Sekitar dua puluh.")
    await ticket.get_by_role("link", name="https://t.me/c/").click()
    await expect(group.locator(".subtitle")).to_contain_text(held)
    assert len(visitor.page.context.pages) == 1


async def test_a_complaint_is_asked_about_answered_closed_objected_to_and_closed_again(tmp_path: Path) -> None:
    (tmp_path / "faq").mkdir()
    shutil.copy(FAQ / "jawaban.toml", tmp_path / "faq")
    async with visiting(tmp_path) as (visitor, _):
        group, citizen = visitor.phone("group"), visitor.phone("telegram")
        number = await complain(visitor, "telegram", THEFT)
        await enter(visitor, number)
        await take(visitor, number)
        await visitor.press("group", "Minta keterangan")
        prompt = await told(visitor, "group", "Balas pesan ini dengan pertanyaan")
        await reply(visitor, "group", prompt, "Apa warna motornya?")
        await told(visitor, "telegram", "Petugas memerlukan keterangan tambahan:\nApa warna motornya?")
        await told(visitor, "group", "Status: Menunggu keterangan warga")
        await visitor.write("telegram", "Merah, ada stiker di spion.")
        await told(visitor, "group", "Warga: Merah, ada stiker di spion.")

        await visitor.write("group", "Salah tulis, ini untuk aduan lain.")
        await visitor.write("group", "/batal")
        await told(visitor, "group", "Ditarik, tidak jadi dikirim.")
        await visitor.write("group", "/catat CCTV pasar sudah diminta")
        await visitor.write("group", "/jawab terima-kasih")
        await told(visitor, "telegram", f"sudah kami catat pada aduan {number}")

        await close(visitor, "Motor sudah ditemukan.")
        await visitor.write("telegram", "belum")
        await told(visitor, "telegram", f"Aduan {number} dibuka kembali. Silakan tulis alasan keberatan Anda.")
        await visitor.write("telegram", "Motornya tidak ada di kantor.")
        await told(visitor, "group", "Warga keberatan, aduan dibuka lagi.")
        await told(visitor, "group", "Warga: Motornya tidak ada di kantor.")
        await expect(group.locator(".service").last).to_have_text("topik dibuka lagi", timeout=PATIENCE)

        card = await told(visitor, "group", "Status: Diterima · Petugas: belum ada")
        await card.scroll_into_view_if_needed()
        await visitor.write("group", "/tutup Motor diserahkan di loket dua.")
        mine = group.locator(".message.mine").filter(has_text="/tutup Motor diserahkan")
        await expect(mine).to_be_in_viewport()  # though the card, which was read last, is far above
        await told(visitor, "telegram", "dinyatakan selesai oleh Polres Contoh: Motor diserahkan di loket dua.")
        await visitor.write("telegram", "terima kasih")
        await told(visitor, "telegram", "Sama-sama")
        await visitor.press("telegram", "Baik")
        await told(visitor, "telegram", "Terima kasih atas penilaian Anda.")
        await told(visitor, "group", "Penilaian warga: 4 dari 5")
        for words in ("Salah tulis", "CCTV", "/jawab"):  # taken back, for the officers only, a command
            await expect(citizen.locator(".message").filter(has_text=words)).to_have_count(0)


async def test_a_shift_begins_looks_at_its_work_and_is_handed_over_on_a_phones_width(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (visitor, _):
        page = visitor.page
        await enter(visitor, GENERAL)
        await visitor.write("group", "/piket masuk 12 jam")
        await told(visitor, "group", "Petugas 1 piket sampai")
        number = await complain(visitor, "whatsapp", RACE)
        await enter(visitor, number)
        await told(visitor, "group", f"#{number} · Lalu lintas")
        await visitor.write("group", "/ambil")
        await told(visitor, "whatsapp", "sedang ditangani petugas")
        await visitor.write("group", "/tanya Berapa motornya?")
        other = await complain(visitor, "telegram", THEFT)
        await told(visitor, "whatsapp", "Berapa motornya?")
        await visitor.write("whatsapp", "Sekitar dua puluh.")
        await look_at_work(visitor, number, other)

        await page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
        await page.get_by_role("tab", name="Petugas").click()
        await enter(visitor, GENERAL)
        await become(visitor, "Petugas 2")
        await visitor.write("group", "/piket masuk")
        await told(visitor, "group", "Petugas 2 piket sampai")
        await become(visitor, "Petugas 1")
        await visitor.write("group", "/piket keluar")
        summary = await told(visitor, "group", "Petugas 1 selesai piket")
        await expect(summary).to_contain_text("Masih dipegang: 1 aduan")
        await expect(summary).to_contain_text(f"#{number} · Lalu lintas · Ditangani")
        await expect(summary).to_contain_text(f"Belum dijawab: #{number}, #{other}")
        await expect(summary.get_by_role("button", name="Serah terima")).to_be_in_viewport()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await become(visitor, "Petugas 2")
        await visitor.press("group", "Serah terima")
        await told(visitor, "group", f"Petugas 2 menerima 1 aduan dari Petugas 1: #{number}.")
        await enter(visitor, number)
        await told(visitor, "group", "Status: Ditangani · Petugas: Petugas 2")
