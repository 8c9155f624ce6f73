"""The page as people use it: a real browser before it, the real bot behind it.

Skipped without a chromium: set CHATBOT_TEST_CHROMIUM to one, or install Debian's.
With CHATBOT_TEST_PICTURES=1 the pictures in docs/pictures/ are taken anew.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.e2e.page_world import CHROMIUM
from tests.e2e.visitor import CONTRAST, DOUBLE_IDS, NAMELESS, NARROW, PATIENCE, WIDE, Visitor, visiting

pytestmark = [
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium; set CHATBOT_TEST_CHROMIUM to its path"),
    pytest.mark.timeout(110),
]
MIDDLE = (1100, 800)
TICKET = '.topic:not([data-focus="0"])'


async def fill_in(visitor: Visitor, narrative: str) -> None:
    """A complaint on the Telegram phone, from the menu to the number."""
    await visitor.write("telegram", "aduan")
    await visitor.press("telegram", "Setuju")
    await visitor.press("telegram", "Pelayanan polisi")
    await visitor.reads("telegram", "Ceritakan")
    await visitor.write("telegram", narrative)
    await visitor.reads("telegram", "Di mana")
    await visitor.phone("telegram").locator(".keyboard button").click(timeout=PATIENCE)
    await visitor.press("telegram", "Kemarin")
    await visitor.press("telegram", "Lewati")
    await visitor.reads("telegram", "bukti")
    await visitor.attach("telegram", "Contoh tiga foto")
    await visitor.press("telegram", "Selesai")
    await visitor.press("telegram", "Terbuka")
    await visitor.press("telegram", "Kirim")
    await visitor.reads("telegram", "diterima dengan nomor")


async def test_a_complaint_on_telegram_from_the_first_word_to_the_mark(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (visitor, _):
        page = visitor.page
        await visitor.write("whatsapp", "brp biaya prpanjang sim c skrg min?")
        await visitor.reads("whatsapp", "Sumber:")
        await fill_in(visitor, "Pelayanan loket lambat, saya menunggu tiga jam tanpa penjelasan")
        await expect(visitor.phone("telegram").locator(".album img")).to_have_count(3)

        topic = visitor.phone("group").locator(TICKET)
        await expect(topic.locator(".dot")).to_be_visible(timeout=PATIENCE)
        await topic.click()
        await visitor.press("group", "Ambil")
        await visitor.reads("telegram", "ditangani")
        await visitor.write("group", "Terima kasih, kami periksa loketnya.")
        await visitor.reads("telegram", "kami periksa loketnya")
        # The latest words are in sight without anybody scrolling.
        await expect(visitor.phone("telegram").locator(".message").last).to_be_in_viewport()
        await page.get_by_role("button", name="Di balik layar").click()
        await visitor.picture("wide")
        await page.get_by_role("button", name="Di balik layar").click()
        await visitor.write("group", "/tutup Loket ditambah satu petugas.")
        await visitor.reads("telegram", "Loket ditambah")
        await visitor.picture("phones")
        await visitor.press("telegram", "Sangat baik")
        await visitor.reads("group", "Penilaian warga: 5 dari 5")
        await expect(visitor.phone("group").locator(".service").last).to_have_text("topik ditutup")


async def test_the_story_shows_itself_and_stops_when_one_says_so(tmp_path: Path) -> None:
    async with visiting(tmp_path, NARROW) as (visitor, _):
        page = visitor.page
        await page.get_by_role("button", name="Putar cerita").click()
        await expect(page.locator("#tab-group")).to_have_attribute("aria-selected", "true", timeout=2 * PATIENCE)
        await visitor.reads("group", "Petugas")
        await page.get_by_role("button", name="Jeda").click()
        await expect(page.get_by_role("button", name="Lanjutkan")).to_be_visible()
        await expect(page.locator(".tale b")).to_contain_text("3.")


async def test_on_whatsapp_a_list_is_opened_and_ticks_tell_how_far_a_message_is(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (visitor, _):
        phone = visitor.phone("whatsapp")
        await visitor.write("whatsapp", "aduan")
        await visitor.press("whatsapp", "Setuju")
        await visitor.press("whatsapp", "Pilih")
        sheet = phone.get_by_role("dialog")
        await expect(sheet.get_by_role("radio")).to_have_count(10)
        await visitor.picture("list")
        await sheet.get_by_text("Lalu lintas", exact=True).click()
        await sheet.get_by_role("button", name="Kirim pilihan").click()
        await visitor.reads("whatsapp", "Ceritakan")
        await expect(sheet).to_be_hidden()
        mine = phone.locator(".message.mine")
        await expect(mine.first.locator(".tick")).to_have_text(re.compile("sampai|dibaca"), timeout=PATIENCE)
        await visitor.attach("whatsapp", "Contoh pesan suara")
        await visitor.attach("whatsapp", "Contoh dokumen PDF")
        await visitor.attach("whatsapp", "Contoh lokasi")
        await expect(phone.locator(".voice")).to_be_visible()
        await expect(phone.locator(".file")).to_contain_text("contoh-surat.pdf")
        await expect(phone.locator(".place")).to_contain_text("-6.20000")

        await visitor.write("whatsapp", "Lampu merah mati")
        own = mine.filter(has_text="Lampu merah mati")
        await own.get_by_role("button", name="Tindakan").click()
        await visitor.press("whatsapp", "Ubah")
        await visitor.write("whatsapp", "Lampu merah <b>mati</b> sejak pagi <img src=x>")
        # What people write stays text.
        edited = mine.filter(has_text="<b>mati</b> sejak pagi <img src=x>")
        await expect(edited).to_contain_text("diubah")
        await edited.get_by_role("button", name="Tindakan").click()
        await visitor.press("whatsapp", "Hapus untuk semua")
        await expect(mine.filter(has_text="Pesan dihapus")).to_be_visible()


async def test_a_bot_that_is_killed_answers_once_it_runs_again(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (visitor, _):
        page, drawer = visitor.page, visitor.phone("beneath")
        await page.get_by_role("button", name="Di balik layar").click()
        await drawer.get_by_role("button", name="Matikan").click()
        await expect(drawer.locator(".switch-row.start")).to_contain_text("mati")
        await visitor.write("telegram", "Halo")
        await visitor.write("whatsapp", "Halo")
        await expect(drawer.locator(".count.waiting dd")).to_have_text("2", timeout=PATIENCE)
        await expect(visitor.phone("whatsapp").locator(".tick").first).to_contain_text("terkirim")
        await drawer.get_by_role("button", name="Jalankan").click()
        await visitor.reads("telegram", "Polres Contoh")
        await visitor.reads("whatsapp", "Polres Contoh")
        await expect(drawer.locator(".count.handled dd")).to_have_text("2", timeout=PATIENCE)
        await expect(drawer.locator(".count.lost dd")).to_have_text("0")

        await drawer.get_by_role("button", name="Batasi").click()
        await visitor.write("telegram", "menu")
        await expect(drawer.locator("tr.bad").first).to_contain_text("429", timeout=PATIENCE)
        await visitor.picture("drawer")


async def test_everything_can_be_done_with_the_keyboard(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (visitor, _):
        keyboard = visitor.page.keyboard
        await visitor.tab_to(".skip", most=1)
        await visitor.tab_to("#panel-telegram textarea")
        await keyboard.type("aduan")
        await keyboard.press("Enter")
        await visitor.reads("telegram", "setuju")
        await visitor.tab_to("#panel-telegram .key", backwards=True)
        await visitor.tab_to('#panel-telegram [data-focus="form:agree"]', backwards=True)
        await keyboard.press("Enter")
        await visitor.reads("telegram", "Aduan ini tentang apa")

        await visitor.tab_to("#panel-telegram .composer button")
        await keyboard.press("Enter")
        menu = visitor.phone("telegram").get_by_role("dialog")
        await expect(menu.get_by_role("button", name="Contoh foto")).to_be_focused()
        await keyboard.press("ArrowDown")
        await expect(menu.get_by_role("button", name="Contoh tiga foto")).to_be_focused()
        await keyboard.press("Escape")
        await expect(menu).to_be_hidden()
        await expect(visitor.phone("telegram").get_by_role("button", name="Lampirkan")).to_be_focused()

        await visitor.tab_to("#panel-whatsapp textarea")
        await keyboard.type("petugas")
        await keyboard.press("Enter")
        await visitor.reads("whatsapp", "Polres Contoh")
        await visitor.tab_to("#panel-group .topic")
        await keyboard.press("Enter")
        await expect(visitor.phone("group").locator("textarea")).to_be_focused()
        await keyboard.type("/bantuan")
        await keyboard.press("Enter")
        await visitor.reads("group", "Perintah petugas")
        await visitor.tab_to("#panel-group .lead button", backwards=True)
        await keyboard.press("Enter")
        await expect(visitor.phone("group").locator(".topic").first).to_be_focused()


async def test_a_narrow_screen_shows_one_phone_at_a_time(tmp_path: Path) -> None:
    async with visiting(tmp_path, NARROW) as (visitor, _):
        page = visitor.page
        tabs = page.get_by_role("tab")
        await expect(tabs).to_have_count(4)
        await visitor.write("telegram", "Berapa biaya SIM C?")
        await visitor.reads("telegram", "Sumber:")
        await visitor.picture("narrow")
        for size in (NARROW, (320, 640), (720, 450)):
            await page.set_viewport_size({"width": size[0], "height": size[1]})
            await tabs.first.focus()
            for name in ("whatsapp", "group", "beneath", "telegram"):
                await page.keyboard.press("ArrowRight")
                await expect(visitor.phone(name)).to_be_visible()
                await expect(page.get_by_role("tabpanel")).to_have_count(1)
                await expect(page.locator(f"#tab-{name}")).to_have_attribute("aria-selected", "true")
                assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        send = visitor.phone("telegram").get_by_role("button", name="Kirim pesan")
        await send.scroll_into_view_if_needed()
        await expect(send).to_be_in_viewport()


async def test_words_stand_out_and_every_control_has_a_name(tmp_path: Path) -> None:
    async with visiting(tmp_path) as (visitor, world):
        page = visitor.page
        await page.get_by_role("button", name="Di balik layar").click()
        await world.act(do="whatsapp_failed", number=1)
        await visitor.write("whatsapp", "aduan")
        await visitor.reads("whatsapp", "Tidak sampai")
        await world.act(do="telegram_busy", number=1)
        await visitor.write("telegram", "TOLONG ada kebakaran besar, masih ada orang di dalam")
        await visitor.attach("telegram", "Contoh foto")
        await visitor.phone("group").locator(TICKET).click(timeout=PATIENCE)
        await visitor.press("group", "Perintah petugas")
        for size in (WIDE, MIDDLE, NARROW):
            await page.set_viewport_size({"width": size[0], "height": size[1]})
            for scheme in ("light", "dark"):
                await page.emulate_media(color_scheme="light" if scheme == "light" else "dark")
                assert await page.evaluate(CONTRAST) == [], (size, scheme)
                if (size, scheme) == (WIDE, "dark"):
                    await visitor.picture("dark")
            assert await page.evaluate(NAMELESS) == []
        assert await page.evaluate(DOUBLE_IDS) == []
        assert await page.evaluate("document.documentElement.lang") == "id"
        await expect(page.locator("[aria-live=polite][role=log]")).to_have_count(1)
        await expect(page.locator("[aria-live=polite][role=log]")).to_contain_text("Polres Contoh")


async def test_the_page_speaks_english_while_the_bot_goes_on_in_indonesian(tmp_path: Path) -> None:
    async with visiting(tmp_path, query="?lang=en") as (visitor, _):
        await expect(visitor.page.get_by_role("heading", name="Officers' group")).to_be_visible()
        await expect(visitor.page.get_by_role("link", name="English")).to_have_attribute("aria-current", "true")
        await visitor.write("telegram", "Halo")
        await visitor.reads("telegram", "Selamat datang")
        await visitor.page.get_by_role("button", name="Step").click()
        await expect(visitor.page.locator(".tale b")).to_have_text("1. A citizen asks on Telegram")
        await expect(visitor.page.get_by_role("button", name="Go on")).to_be_visible()
