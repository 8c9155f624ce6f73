"""Owns the methods that send and fetch files; refuses remote addresses, since nothing leaves this machine."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from chatbot.sandbox.telegram_errors import bad_request
from chatbot.sandbox.telegram_params import Params, Upload
from chatbot.sandbox.telegram_render import message_json
from chatbot.sandbox.telegram_send import caption_content, deliver, open_target
from chatbot.sandbox.telegram_state import Json, StoredFile, World, file_json

MAX_DOWNLOAD = 20 * 1024 * 1024
MAX_UPLOAD = 50 * 1024 * 1024
MAX_PHOTO = 10 * 1024 * 1024
_LINK_LIFE = timedelta(hours=1)
_ALBUM = range(2, 11)
_KINDS = ("photo", "document", "voice", "audio", "video")


def media_json(stored: StoredFile, *, duration: int = 1) -> Json:
    """The message field for a file of any kind but a photo.

    Args:
        stored: the file.
        duration: seconds, for what can be played.
    """
    wire = {**file_json(stored), "mime_type": stored.mime}
    if stored.kind in {"document", "audio", "video"} and stored.name:
        wire["file_name"] = stored.name
    if stored.kind in {"voice", "audio", "video"}:
        wire["duration"] = duration
    if stored.kind == "video":
        wire |= {"width": 640, "height": 360}
    return wire


def _refer(world: World, kind: str, file_id: str) -> Json:
    if file_id.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = world.files.get(file_id)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if stored.kind != kind:
        raise bad_request(f"can't use file of type {stored.kind.capitalize()} as {kind.capitalize()}")
    if kind != "photo":
        return {kind: media_json(stored)}
    for message in world.messages.values():
        sizes = message.content.get("photo", [])
        if any(size["file_id"] == file_id for size in sizes):
            return {"photo": sizes}
    return {"photo": [{**file_json(stored), "width": 1, "height": 1}]}


def _keep(world: World, kind: str, upload: Upload) -> Json:
    if not upload.data:
        raise bad_request("file must be non-empty")
    if len(upload.data) > (MAX_PHOTO if kind == "photo" else MAX_UPLOAD):
        raise bad_request("file is too big")
    if kind != "photo":
        return {kind: media_json(world.store_file(kind, upload.data, name=upload.name, mime=upload.mime))}
    try:
        return {"photo": world.store_photo(upload.data, strict=True)}
    except ValueError:
        raise bad_request("IMAGE_PROCESS_FAILED") from None


def _file_content(world: World, params: Params, kind: str, given: str, field: str) -> Json:
    """The content for a file given as upload, attach:// or file_id."""
    name = given.removeprefix("attach://") if given.startswith("attach://") else field
    upload = params.files.get(name)
    if upload is not None:
        return _keep(world, kind, upload)
    if not given or given.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    return _refer(world, kind, given)


def send_file(world: World, params: Params, *, kind: str) -> Json:
    """Answer sendPhoto, sendDocument, sendVoice, sendAudio, sendVideo."""
    caption = caption_content(world, params)
    content = _file_content(world, params, kind, params.text(kind), kind)
    target = open_target(world, params, f"{kind}s")
    return message_json(world, deliver(world, target, content | caption))


def _album_item(world: World, params: Params, item: Any) -> tuple[str, Json]:
    if not isinstance(item, dict):
        raise bad_request("can't parse InputMedia: expected an Object")
    kind = item.get("type")
    if kind not in {"photo", "video", "audio", "document"}:
        raise bad_request(f"can't parse InputMedia: type \"{kind}\" can't be used in sendMediaGroup")
    if not isinstance(item.get("media"), str) or not item["media"]:
        raise bad_request("can't parse InputMedia: media not found")
    fields = {name: str(item.get(name) or "") for name in ("caption", "parse_mode")}
    caption = caption_content(world, Params(fields))
    return kind, _file_content(world, params, kind, item["media"], "") | caption


def send_media_group(world: World, params: Params) -> list[Json]:
    """Answer sendMediaGroup: 2 to 10 items; documents and audio only among themselves."""
    media = params.json("media", "media")
    if not isinstance(media, list):
        raise bad_request("can't parse media JSON object")
    if not media:
        raise bad_request("there are no messages to send")
    if len(media) > _ALBUM[-1]:
        raise bad_request("too many messages to send as an album")
    if len(media) not in _ALBUM:
        raise bad_request("media must include 2-10 items")
    items = [_album_item(world, params, item) for item in media]
    kinds = {kind for kind, _ in items}
    for kind in ("document", "audio"):
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{kind} can't be mixed with other media types")
    target = open_target(world, params, "media")
    if target.markup.inline or target.markup.keyboard:
        raise bad_request("reply markup is not allowed in sendMediaGroup")
    album = str(world.serial() + 13_000_000_000_000_000)
    return [message_json(world, deliver(world, target, content, media_group_id=album)) for _, content in items]


def get_file(world: World, params: Params) -> Json:
    """Answer getFile: opens a link for an hour; files over 20 MB cannot be fetched."""
    file_id = params.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = world.files.get(file_id)
    if stored is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if stored.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    stored.link_until = world.clock() + _LINK_LIFE
    return {**file_json(stored), "file_path": stored.path}


def linked_file(world: World, path: str) -> StoredFile | None:
    """The file behind a link that getFile has opened and that has not run out."""
    for stored in world.files.values():
        if stored.path == path and stored.link_until is not None and stored.link_until > world.clock():
            return stored
    return None


METHODS: Mapping[str, Any] = {
    **{f"send{kind.capitalize()}": partial(send_file, kind=kind) for kind in _KINDS},
    "sendMediaGroup": send_media_group,
    "getFile": get_file,
}
