"""The page's addresses over real HTTP, with the real bot behind them."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from chatbot.sandbox.pacer import Director
from chatbot.sandbox.story import Story
from tests.e2e.page_world import PageWorld, opened
from tests.e2e.world import small_faq


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[PageWorld]:
    small_faq(tmp_path / "faq")
    async with opened(tmp_path, tmp_path / "faq") as one:
        yield one


async def test_only_this_address_and_this_page_are_served(world: PageWorld) -> None:
    async with world.http.get(world.url, headers={"Host": "evil.example"}) as answer:
        assert answer.status == 421
    async with world.http.get(world.url) as answer:
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert 'lang="id"' in await answer.text()
    async with world.http.get(f"{world.url}?lang=en") as answer:
        assert 'lang="en"' in await answer.text()
    said = {"do": "say", "phone": "telegram", "text": "Halo"}
    for headers in ({}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        async with world.http.post(f"{world.url}act", json=said, headers=headers) as answer:
            assert answer.status == 403
    for path in ("static/..%2Fpage.py", "static/voice.ogg", "static/none.js", "words/xx", "file/telegram/none"):
        async with world.http.get(f"{world.url}{path}") as answer:
            assert answer.status == 404
    assert world.stage.telegram.messages(world.stage.citizen.user) == []


async def test_what_makes_no_sense_is_refused_and_nothing_happens(world: PageWorld) -> None:
    assert await world.act(do="dance", phone="telegram") == 400
    assert await world.act(do="say", phone="fax", text="x") == 400
    assert await world.act(do="say", phone="telegram", text=" ") == 400
    assert await world.act(do="say", phone="telegram", text="x" * 4097) == 400
    assert await world.act(do="say", phone="telegram", text="x", evil=1) == 400
    assert await world.act(do="sample", phone="telegram", data="elephant") == 400
    assert await world.act(do="files", phone="telegram") == 400
    assert await world.act(do="press", phone="telegram", message="1", data="menu:complaint") == 409
    assert await world.act(do="press", phone="whatsapp", message="none", data="x") == 409
    assert await world.act(do="edit", phone="telegram", message="x", text="y") == 409
    assert await world.act(do="telegram_busy", number=0) == 409
    assert await world.act(do="topic_gone") == 409
    assert await world.act(do="start") == 409
    assert await world.act(do="speed", number=2) == 409
    too_large = aiohttp.FormData({"act": json.dumps({"do": "files", "phone": "telegram"})})
    too_large.add_field("file", io.BytesIO(bytes(26 * 1024 * 1024)), filename="x.bin")
    async with world.http.post(f"{world.url}act", data=too_large, headers={"Origin": world.url.rstrip("/")}) as answer:
        assert answer.status == 413
    view = await world.view()
    assert view["underneath"]["proof"]["sent"] == 0


async def test_everything_that_is_sent_is_shown_and_files_are_no_pages(world: PageWorld) -> None:
    for phone in ("telegram", "whatsapp"):
        for sample in ("photo", "album", "voice", "document"):
            assert await world.act(do="sample", phone=phone, data=sample) == 200
        assert await world.act(do="location", phone=phone) == 200
    page = aiohttp.FormData({"act": json.dumps({"do": "files", "phone": "telegram"})})
    page.add_field("file", b"<script>alert(1)</script>", filename="halaman.html", content_type="text/html")
    async with world.http.post(f"{world.url}act", data=page, headers={"Origin": world.url.rstrip("/")}) as answer:
        assert answer.status == 200

    view = await world.view()
    kinds = {
        phone: [one["media"]["kind"] for one in view["phones"][phone]["messages"] if one["author"] != "bot"]
        for phone in ("telegram", "whatsapp")
    }
    assert kinds["whatsapp"] == ["photo", "photo", "photo", "photo", "voice", "document", "location"]
    assert kinds["telegram"] == [*kinds["whatsapp"], "document"]
    media = [one["media"] for one in view["phones"]["telegram"]["messages"] if one["author"] != "bot"]
    async with world.http.get(f"{world.url}file/{media[0]['file']}") as answer:
        assert answer.content_type == "image/jpeg"
    async with world.http.get(f"{world.url}file/{media[-1]['file']}") as answer:
        assert answer.content_type == "application/octet-stream"
        assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''halaman.html"
        assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_edits_deletions_and_ticks_are_shown(world: PageWorld) -> None:
    for phone in ("telegram", "whatsapp"):
        await world.act(do="say", phone=phone, text="Halo")
        await world.told(phone, "Polres Contoh")
        mine = (await world.view())["phones"][phone]["messages"][0]["id"]
        assert await world.act(do="edit", phone=phone, message=mine, text="Halo min") == 200
        first = (await world.view())["phones"][phone]["messages"][0]
        assert (first["text"], first["edited"], first["deleted"]) == ("Halo min", True, False)
        assert await world.act(do="delete", phone=phone, message=mine) == 200
        assert (await world.view())["phones"][phone]["messages"][0]["deleted"]
        assert await world.act(do="delete", phone=phone, message=mine) == 409
    await world.seen(lambda view: view["phones"]["whatsapp"]["messages"][0]["tick"] in {"delivered", "read"})
    assert {entry.kind for entry in world.stage.feed.entries if entry.author == "citizen_wa"} == {
        "message",
        "edit",
        "delete",
    }


async def test_the_drawer_tells_what_happened_underneath(world: PageWorld) -> None:
    async with world.http.get(f"{world.url}events") as events:
        first = await events.content.readline()
        assert json.loads(first.removeprefix(b"data: "))["underneath"]["deed"] is None
        await world.act(do="say", phone="telegram", text="brp biaya prpanjang sim c skrg min?")
        await world.told("telegram", "Sumber:")
        answered = await world.seen(
            lambda view: (
                all(row["state"] == "sent" for row in view["underneath"]["rows"]["outbound"] or [{"state": ""}])
                and view
            )
        )
        under = answered["underneath"]
        assert under["deed"]["text"] == "brp biaya prpanjang sim c skrg min?"
        assert [(row["kind"], row["outcome"]) for row in under["rows"]["inbound"]] == [("text", "answered")]
        assert {call["status"] for call in under["calls"]} == {200}
        assert all("raw" not in row for row in under["rows"]["inbound"])
        await world.seen(lambda view: not view["underneath"]["asking"])
        understood = (await world.view())["underneath"]["understood"]
        # A bot without that verb shows the rest.
        if understood is not None:
            assert understood["decision"] == "answer"
            assert understood["candidates"][0]["id"] == "sim-biaya"
    await world.act(do="say", phone="telegram", text="aduan")
    await world.act(
        do="press", phone="telegram", message=(await world.told("telegram", "setuju"))["id"], data="form:agree"
    )
    await world.seen(lambda view: view["underneath"]["step"] == "category")


async def test_refused_calls_are_seen_and_repeated_until_they_pass(world: PageWorld) -> None:
    assert await world.act(do="telegram_busy", number=1) == 200
    await world.act(do="say", phone="telegram", text="Halo")
    await world.told("telegram", "Polres Contoh")
    calls = (await world.view())["underneath"]["calls"]
    assert [call["status"] for call in calls if call["method"] == "sendMessage"] == [429, 200]
    assert await world.act(do="whatsapp_down", number=2) == 200
    await world.act(do="say", phone="whatsapp", text="Halo")
    await world.told("whatsapp", "Polres Contoh")
    assert 500 in [call["status"] for call in (await world.view())["underneath"]["calls"]]


async def test_an_undelivered_message_says_so_and_everything_can_be_mended(world: PageWorld) -> None:
    await world.act(do="whatsapp_failed", number=1)
    await world.act(do="say", phone="whatsapp", text="Halo")
    failed = await world.seen(
        lambda view: next((one for one in view["phones"]["whatsapp"]["messages"] if one["tick"] == "failed"), None)
    )
    assert failed["failure"].startswith("131026")
    await world.act(do="window_over")
    assert not (await world.view())["switches"]["window"]
    await world.act(do="telegram_down", number=5)
    await world.act(do="block")
    state = (await world.view())["switches"]
    assert (state["telegram"], state["blocked"]) == (5, True)
    assert await world.act(do="say", phone="telegram", text="Halo") == 409
    await world.act(do="repair")
    state = (await world.view())["switches"]
    assert (state["telegram"], state["blocked"]) == (0, False)


async def test_a_killed_bot_loses_nothing(world: PageWorld) -> None:
    assert await world.act(do="kill") == 200
    assert (await world.view())["switches"]["bot"] == "dead"
    await world.act(do="say", phone="telegram", text="Halo")
    await world.act(do="say", phone="whatsapp", text="Halo")
    proof = (await world.view())["underneath"]["proof"]
    assert (proof["sent"], proof["waiting"], proof["lost"]) == (2, 2, 0)
    assert await world.act(do="start") == 200
    for phone in ("telegram", "whatsapp"):
        await world.told(phone, "Polres Contoh")
    proof = (await world.seen(lambda view: view["underneath"]["proof"]["handled"] == 2 and view))["underneath"]["proof"]
    assert (proof["waiting"], proof["stored"], proof["answered"], proof["lost"]) == (0, 2, 2, 0)


@pytest.mark.timeout(110)
async def test_the_story_goes_step_by_step_and_can_be_paused_and_played_on(world: PageWorld) -> None:
    assert await world.act(do="step") == 200
    await world.told("telegram", "Polres Contoh")
    await asyncio.sleep(0.5)
    story = (await world.view())["story"]
    assert (story["state"], story["chapter"], story["steps"]) == ("paused", "question", 1)
    await world.act(do="step")
    await world.told("telegram", "SIM")
    await world.act(do="speed", number=1.5)
    await world.act(do="play")
    await world.seen(lambda view: view["story"]["steps"] >= 3)
    await world.act(do="pause")
    await world.act(do="speed", number=0)
    steps = (await world.view())["story"]["steps"]
    await asyncio.sleep(2)
    assert (await world.view())["story"]["steps"] <= steps + 1
    await world.act(do="play")
    await world.seen(lambda view: view["story"]["chapter"] == "complaint")


@pytest.mark.timeout(110)
async def test_an_answer_after_the_window_and_a_topic_that_is_gone_arrive_all_the_same(
    world: PageWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def no_desk(*_: object) -> None:
        return

    story = Story(world.stage, Director(None, lambda: None), world.words)
    monkeypatch.setattr(story, "_desk", no_desk)
    await story._complaint_on_whatsapp()
    topic = await world.seen(lambda view: view["phones"]["group"]["topics"][1:])
    card = await world.seen(
        lambda view: next((one for one in view["phones"]["group"]["messages"] if one["buttons"]), None)
    )
    take = next(one["data"] for row in card["buttons"] for one in row if one["data"].startswith("d:take"))
    assert await world.act(do="press", phone="officer_1", message=card["id"], data=take) == 200
    await world.told("whatsapp", "ditangani")

    assert await world.act(do="window_over") == 200
    assert await world.act(do="say", phone="officer_1", topic=topic[0]["thread"], text="Mohon bawa STNK.") == 200
    await world.told("whatsapp", world.words("say.template"))
    messages = (await world.view())["phones"]["whatsapp"]["messages"]
    assert [one["failure"] for one in messages if one["tick"] == "failed"] == ["131047 Re-engagement message"]
    assert not (await world.view())["switches"]["window"]
    await world.act(do="say", phone="whatsapp", text="BUKA")
    await world.seen(
        lambda view: [
            one
            for one in view["phones"]["whatsapp"]["messages"]
            if "Mohon bawa STNK" in one["text"] and one["tick"] != "failed"
        ]
    )

    assert await world.act(do="topic_gone") == 200
    await world.act(do="say", phone="whatsapp", text="STNK sudah saya siapkan")
    await world.seen(
        lambda view: [
            one
            for one in view["phones"]["group"]["messages"]
            if "sudah saya siapkan" in one["text"]
            and not one["deleted"]
            and one["topic"] not in {0, topic[0]["thread"]}
        ]
    )
