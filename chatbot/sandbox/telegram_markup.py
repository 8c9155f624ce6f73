"""Owns keyboards: the shapes, sizes and places the real server accepts; refuses to know what a button does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatbot.sandbox.telegram_errors import bad_request
from chatbot.sandbox.telegram_params import Params

_MAX_CALLBACK_BYTES = 64
_MAX_BUTTONS = 100
_MAX_PLACEHOLDER = 64
_INLINE_ACTIONS = (
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)


@dataclass(frozen=True)
class Markup:
    """What stands under a message (``inline``) or in place of the keys (``keyboard``)."""

    inline: dict[str, Any] | None = None
    keyboard: dict[str, Any] | None = None


def read_markup(params: Params, *, private: bool) -> Markup:
    """The ``reply_markup`` of a call.

    Args:
        params: the call's parameters.
        private: whether the chat is private; some buttons work only there.

    Raises:
        ApiError: 400 in the words of the real server.
    """
    given = params.json("reply_markup", "reply keyboard markup")
    if given is None:
        return Markup()
    if not isinstance(given, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in given:
        rows = _rows(given["inline_keyboard"], "inline_keyboard", "InlineKeyboardMarkup")
        clean = [[_inline_button(button) for button in row] for row in rows]
        return Markup(inline={"inline_keyboard": [row for row in clean if row]})
    if "keyboard" in given:
        rows = _rows(given["keyboard"], "keyboard", "ReplyKeyboardMarkup")
        keyboard = {**given, "keyboard": [[_key(button, private=private) for button in row] for row in rows]}
        if len(str(given.get("input_field_placeholder", ""))) > _MAX_PLACEHOLDER:
            raise bad_request("REPLY_MARKUP_INVALID")
        return Markup(keyboard=keyboard)
    if given.get("remove_keyboard") or given.get("force_reply"):
        return Markup(keyboard=given)
    return Markup()


def _rows(value: Any, name: str, kind: str) -> list[list[Any]]:
    if not isinstance(value, list) or not all(isinstance(row, list) for row in value):
        raise bad_request(f'field "{name}" of the {kind} must be an Array of Arrays')
    if sum(len(row) for row in value) > _MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return value


def _inline_button(button: Any) -> dict[str, Any]:
    wrong = "can't parse inline keyboard button: "
    if not isinstance(button, dict):
        raise bad_request(wrong + "InlineKeyboardButton must be an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request(wrong + 'Can\'t find field "text"')
    actions = [name for name in _INLINE_ACTIONS if button.get(name) not in (None, "")]
    if not actions:
        raise bad_request(wrong + "Text buttons are unallowed in the inline keyboard")
    if not text.strip():
        raise bad_request("BUTTON_TEXT_INVALID")
    data = button.get("callback_data")
    if data is not None and not isinstance(data, str):
        raise bad_request(wrong + 'Field "callback_data" must be of type String')
    if data and "url" not in actions and len(data.encode()) > _MAX_CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    url = button.get("url")
    if url and not str(url).startswith(("http://", "https://", "tg://")):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return {"text": text, actions[0]: button[actions[0]]}


def _key(button: Any, *, private: bool) -> dict[str, Any]:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, dict):
        raise bad_request("can't parse keyboard button: KeyboardButton must be a String or an Object")
    text = button.get("text")
    if not isinstance(text, str):
        raise bad_request("can't parse keyboard button: Can't find field \"text\"")
    if not text.strip():
        raise bad_request("keyboard button text must be non-empty")
    for name, asked in (("request_contact", "phone number"), ("request_location", "location")):
        if button.get(name) and not private:
            raise bad_request(f"{asked} can be requested in private chats only")
    return button
