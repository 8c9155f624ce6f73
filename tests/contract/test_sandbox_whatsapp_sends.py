"""The WhatsApp sandbox's Graph API against independent code: pywa's client drives it and names its errors."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import aiohttp
import httpx
import pytest
from pywa import errors
from pywa.types.callback import Button, Section, SectionList, SectionRow
from pywa.types.templates import BodyText, TemplateLanguage

from tests.contract.whatsapp_world import ACCOUNT_ID, JPEG, NUMBER_ID, TOKEN, World, world

__all__ = ["world"]


async def test_statuses_follow_a_send_in_order_with_tracker(world: World) -> None:
    world.sandbox.say(world.ani, "halo")
    sent = await world.client.send_message("+62 812-3456-7890", "halo", tracker="outbox-7")
    assert sent.input == "+62 812-3456-7890"
    await world.sandbox.settled()
    statuses = world.bot.values("statuses")
    assert [status["status"] for status in statuses] == ["sent", "delivered", "read"]
    assert {status["biz_opaque_callback_data"] for status in statuses} == {"outbox-7"}
    assert {status["recipient_id"] for status in statuses} == {"6281234567890"}
    status = await world.seen()
    assert (status.id, status.status, status.pricing.category, status.from_user.wa_id) == (
        sent.id,
        "read",
        "service",
        "6281234567890",
    )


async def test_statuses_can_be_reordered_and_switched_off(world: World) -> None:
    world.sandbox.say(world.ani, "halo")
    world.sandbox.report_statuses("read", "sent")
    await world.client.send_message("6281234567890", "a")
    world.sandbox.report_statuses()
    quiet = await world.client.send_message("6281234567890", "b")
    await world.sandbox.settled()
    assert [status["status"] for status in world.bot.values("statuses")] == ["read", "sent"]
    world.sandbox.report_status(quiet.id, "failed", code=131026)
    failed = await world.seen()
    assert (failed.status, type(failed.error)) == ("failed", errors.MessageUndeliverable)


async def test_closed_window_fails_by_webhook_or_in_the_answer_and_template_passes(world: World) -> None:
    world.sandbox.say(world.ani, "halo")
    world.clock.forward(hours=24)
    await world.client.send_message("6281234567890", "terlambat")
    late = await world.seen()
    assert (late.status, late.error.code) == ("failed", 131047)
    world.sandbox.window_errors("answer")
    with pytest.raises(errors.ReEngagementMessage):
        await world.client.send_message("6281234567890", "terlambat")
    world.sandbox.add_template("jawaban_siap", "id", 1, buttons=["BUKA"])
    # pywa declares this hybrid method as if it took its own class.
    params: Any = BodyText.params
    values = params("TGP-1")
    sent = await world.client.send_template("6281234567890", "jawaban_siap", TemplateLanguage.INDONESIAN, [values])
    world.sandbox.press_template_button(world.ani, sent.id)
    press = await world.seen()
    assert (press.data, press.title, press.reply_to_message.id) == ("BUKA", "BUKA", sent.id)
    assert world.sandbox.window_open(world.ani)
    await world.client.send_message("6281234567890", "terbuka lagi")
    world.sandbox.close_window(world.ani)
    with pytest.raises(errors.ReEngagementMessage):
        await world.client.send_message("6281234567890", "tertutup")


async def test_template_errors_have_their_own_codes(world: World) -> None:
    world.sandbox.add_template("jawaban_siap", "id", 1)
    with pytest.raises(errors.TemplateParamCountMismatch):
        await world.client.send_template("6281234567890", "jawaban_siap", TemplateLanguage.INDONESIAN, [])
    with pytest.raises(errors.TemplateNotExists):
        await world.client.send_template("6281234567890", "jawaban_siap", TemplateLanguage.ENGLISH, [])
    world.sandbox.template_refused("jawaban_siap")
    with pytest.raises(errors.TemplatePaused):
        await world.client.send_template("6281234567890", "jawaban_siap", TemplateLanguage.INDONESIAN, [])


async def test_buttons_and_lists_are_pressed_with_their_titles(world: World) -> None:
    world.sandbox.say(world.ani, "menu")
    asked = await world.client.send_message("6281234567890", "Lanjut?", buttons=[Button("Ya", "yes")])
    world.sandbox.press(world.ani, asked.id, "yes")
    press = await world.seen()
    assert (press.data, press.title, press.reply_to_message.id) == ("yes", "Ya", asked.id)
    rows = [SectionRow("SIM", "topik:sim", "Surat izin")]
    menu = SectionList("Pilih", [Section("Layanan", rows)])
    listed = await world.client.send_message("6281234567890", "Pilih topik", buttons=menu)
    world.sandbox.press(world.ani, listed.id, "topik:sim")
    chosen = await world.seen()
    assert (chosen.data, chosen.title, chosen.description) == ("topik:sim", "SIM", "Surat izin")
    with pytest.raises(ValueError, match="no such"):
        world.sandbox.press(world.ani, listed.id, "topik:lain")


def buttons(*titles: str, body: str = "x", **more: Any) -> dict[str, Any]:
    listed = [{"type": "reply", "reply": {"id": f"i{n}", "title": title}} for n, title in enumerate(titles)]
    return {"type": "button", "body": {"text": body}, "action": {"buttons": listed}} | more


def rows(*sizes: int, **section: Any) -> dict[str, Any]:
    sections = [section | {"rows": [{"id": f"{n}-{i}", "title": "t"} for i in range(k)]} for n, k in enumerate(sizes)]
    return {"type": "list", "body": {"text": "x"}, "action": {"button": "Pilih", "sections": sections}}


@pytest.mark.parametrize(
    ("kind", "content", "code"),
    [
        ("text", {"body": ""}, 100),
        ("text", {"body": "a" * 4097}, 100),
        ("text", {"body": "a", "colour": "red"}, 100),
        ("image", {"id": "123"}, 100),
        ("image", {}, 131008),
        ("image", {"link": "file:///etc/passwd"}, 131009),
        ("document", {"link": "https://x.id/a.pdf", "caption": "a" * 1025}, 100),
        ("location", {"latitude": 91, "longitude": 0}, 131009),
        ("contacts", [{"name": {"formatted_name": "A"}}], 131009),
        ("reaction", {"message_id": "wamid.unknown", "emoji": "👍"}, 131009),
        ("poll", {}, 131051),
        ("interactive", buttons(), 131009),
        ("interactive", buttons("a", "b", "c", "d"), 131009),
        ("interactive", buttons("a", "a"), 131009),
        ("interactive", buttons("a" * 21), 131009),
        ("interactive", buttons("a", body="b" * 1025), 131009),
        ("interactive", buttons("a", footer={"text": "f" * 61}), 131009),
        ("interactive", buttons("a", header={"type": "text", "text": "h" * 61}), 131009),
        ("interactive", rows(11), 131009),
        ("interactive", rows(1, 1), 131008),
        ("interactive", rows(6, 5, title="s"), 131009),
        ("interactive", {"type": "list", "body": {"text": "x"}}, 131008),
    ],
)
async def test_wrong_messages_are_refused(world: World, kind: str, content: Any, code: int) -> None:
    assert await world.refused(type=kind, **{kind: content}) == code
    assert world.sandbox.messages(world.ani) == []


async def test_wrong_envelopes_are_refused(world: World) -> None:
    text = {"type": "text", "text": {"body": "a"}}
    assert await world.refused(**text, to="0812") == 100
    assert await world.refused(**text, to=None, recipient="bukan bsuid") == 131009
    assert await world.refused(**text, messaging_product="telegram") == 100
    assert await world.refused(**text, biz_opaque_callback_data="x" * 513) == 100
    assert await world.refused(**text, context={"message_id": "wamid.unknown"}) == 131009
    assert await world.refused(**text, to="6281100001110") == 131021
    assert (await world.post({"messaging_product": "whatsapp", "to": "62811222333", **text, "context": None}))[0] == 200
    status, body = await world.post({}, path="999/messages")
    assert (status, body["error"]["code"], body["error"]["error_subcode"]) == (400, 100, 33)
    assert (await world.post({}, path=f"{NUMBER_ID}/unknown/edge"))[0] == 404


async def test_wrong_token_is_refused_before_anything_else(world: World) -> None:
    world.client.api._session.headers["Authorization"] = "Bearer stale"
    with pytest.raises(errors.ExpiredAccessToken) as caught:
        await world.client.send_message("6281234567890", "a")
    assert caught.value.status_code == 401
    assert caught.value.fbtrace_id


async def test_unknown_number_is_accepted_and_fails_later(world: World) -> None:
    await world.client.send_message("6285500000", "a")
    failed = await world.seen()
    assert (failed.status, failed.error.code, failed.from_user.wa_id) == ("failed", 131026, "6285500000")


async def test_limits_refuse_the_46th_message_in_a_row_and_recover(world: World) -> None:
    world.sandbox.say(world.ani, "halo")
    world.sandbox.report_statuses()
    world.sandbox._sends.limits = True
    for _ in range(45):
        await world.client.send_message("6281234567890", "a")
    with pytest.raises(errors.TooManyMessages):
        await world.client.send_message("6281234567890", "a")
    world.clock.forward(seconds=6)
    await world.client.send_message("6281234567890", "a")


async def test_media_goes_up_and_comes_back_until_link_and_life_end(world: World) -> None:
    world.sandbox.say(world.ani, "halo")
    sent = await world.client.send_image("6281234567890", JPEG, mime_type="image/jpeg", caption="peta")
    media_id = world.sandbox.message(sent.id).content["id"]
    link = await world.client.get_media_url(media_id)
    assert (link.file_size, link.sha256) == (len(JPEG), hashlib.sha256(JPEG).hexdigest())
    assert await world.client.get_media_bytes(link.url) == JPEG
    async with aiohttp.ClientSession() as session, session.get(link.url) as answer:
        assert answer.status == 401
    world.clock.forward(minutes=5)
    with pytest.raises(httpx.HTTPStatusError, match="404"):
        await world.client.get_media_bytes(link.url)
    assert (await world.client.delete_media(media_id)).success
    with pytest.raises(errors.WhatsAppError) as caught:
        await world.client.get_media_url(media_id)
    assert caught.value.code == 100
    with pytest.raises(errors.MediaUploadError):
        await world.client.send_image("6281234567890", bytes(5 * 2**20 + 1), mime_type="image/png")
    with pytest.raises(errors.WhatsAppError):
        await world.client.send_document("6281234567890", b"MZ", mime_type="application/x-msdownload", filename="a")


async def test_media_faults_expire_lie_and_redirect(world: World) -> None:
    wa = world.sandbox
    media_id = wa.message(wa.send_image(world.ani, JPEG)).content["id"]
    wa.lie_about_size(media_id, 7)
    assert (await world.client.get_media_url(media_id)).file_size == 7
    wa.redirect_media(media_id, "http://127.0.0.1:9/other")
    link = (await world.client.get_media_url(media_id)).url
    headers = {"Authorization": f"Bearer {TOKEN}"}
    async with aiohttp.ClientSession(headers=headers) as s, s.get(link, allow_redirects=False) as answer:
        assert (answer.status, answer.headers["Location"]) == (302, "http://127.0.0.1:9/other")
    wa.expire_media(media_id)
    with pytest.raises(errors.WhatsAppError):
        await world.client.get_media_url(media_id)


async def test_read_mark_covers_earlier_messages_and_typing_ends(world: World) -> None:
    wa = world.sandbox
    first, second, third = (wa.say(world.ani, text) for text in ("1", "2", "3"))
    await world.client.indicate_typing(second)
    assert wa.read_marks(world.ani) == [first, second]
    assert wa.typing(world.ani)
    await world.client.send_message("6281234567890", "jawab")
    assert not wa.typing(world.ani)
    await world.client.indicate_typing(third)
    world.clock.forward(seconds=25)
    assert not wa.typing(world.ani)
    with pytest.raises(errors.InvalidParameter):
        await world.client.mark_message_as_read("wamid.unknown")


@pytest.mark.parametrize(
    ("mode", "stored"), [("drop_before", 0), ("reset_after", 1), ("half_json", 1), ("empty", 1), ("delay", 1)]
)
async def test_spoilt_answers_do_or_do_not_send(world: World, mode: Any, stored: int) -> None:
    world.sandbox.say(world.ani, "halo")
    world.sandbox.fail_next(mode=mode, person=world.ani, seconds=0.01)
    if mode == "delay":
        await world.client.send_message("6281234567890", "a")
    else:
        with pytest.raises((httpx.RequestError, ValueError)):
            await world.client.send_message("6281234567890", "a")
    assert len(world.sandbox.messages(world.ani)) == 1 + stored
    await world.client.send_message("6281234567890", "b")
    assert world.sandbox.messages(world.ani)[-1].content["body"] == "b"


async def test_ordered_errors_reach_pywa_as_its_own_classes(world: World) -> None:
    world.sandbox.say(world.ani, "halo")
    for code, kind in (
        (131056, errors.TooManyMessages),
        (368, errors.TemporarilyBlocked),
        (130429, errors.RateLimitHit),
    ):
        world.sandbox.fail_next(code=code, details="sebab", person=world.ani)
        with pytest.raises(kind) as caught:
            await world.client.send_message("6281234567890", "a")
        assert caught.value.details == "sebab"
    world.sandbox.fail_delivery(131049, person=world.ani)
    await world.client.send_message("6281234567890", "a")
    assert (await world.seen()).error.code == 131049


async def test_waiting_in_vain_lists_the_last_calls(world: World) -> None:
    await world.client.send_message("6281234567890", "a")
    with pytest.raises(TimeoutError, match=f"POST /v23.0/{NUMBER_ID}/messages text -> 200"):
        await world.sandbox.wait_for(lambda: False, timeout=0.01)


async def test_number_and_templates_can_be_read(world: World) -> None:
    world.sandbox.add_template("salam", "id")
    number = await world.client.get_business_phone_number()
    assert (number.display_phone_number, number.quality_rating) == ("+6281100001110", "GREEN")
    found = await world.client.api._request("GET", f"/{ACCOUNT_ID}/message_templates")
    assert [template["name"] for template in found["data"]] == ["salam"]


async def test_what_is_old_is_forgotten_and_what_is_new_is_not(world: World) -> None:
    budi = world.sandbox.add_person("6281300000", "Budi")
    world.sandbox.say(world.ani, "halo")
    await world.client.send_message("6281234567890", "a")
    await world.sandbox.settled()
    world.clock.forward(minutes=1)
    world.sandbox.say(budi, "halo")
    sent = await world.client.send_message("6281300000", "b")
    await world.sandbox.settled()
    world.sandbox.forget(world.clock() - timedelta(seconds=30))
    assert list(world.sandbox.people) == [budi]
    assert [call.params["text"]["body"] for call in world.sandbox.calls] == ["b"]
    assert world.sandbox.messages(world.ani) == []
    assert world.sandbox.message(sent.id).statuses == ["sent", "delivered", "read"]
    assert len(world.sandbox.webhooks) == 4
    assert world.sandbox.add_person("6281400000", "Cici") not in {world.ani, budi}
    await world.client.send_message("6281234567890", "c")
    failed = await world.seen()
    assert (failed.status, failed.error.code) == ("failed", 131026)
