"""Checks of interactive messages and of a template's parameters, with Meta's limits and wording.

Refuses catalogue, product, flow and call messages as unsupported: the sandbox has no such objects.
Limits: Meta's pages "Interactive reply buttons", "Interactive lists", "Interactive call-to-action URL", "Templates".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from chatbot.sandbox.whatsapp_errors import GraphError
from chatbot.sandbox.whatsapp_state import Json, Template

MAX_BODY = 1024
MAX_HEADER = 60
MAX_FOOTER = 60
MAX_BUTTONS = 3
MAX_BUTTON_TITLE = 20
MAX_BUTTON_ID = 256
MAX_SECTIONS = 10
MAX_ROWS = 10
MAX_SECTION_TITLE = 24
MAX_ROW_TITLE = 24
MAX_ROW_DESCRIPTION = 72
MAX_ROW_ID = 200
SourceCheck = Callable[[str, Json], None]


def check_interactive(content: Any, source: SourceCheck) -> None:
    """Refuse an interactive object that Meta would refuse.

    Args:
        content: The ``interactive`` object.
        source: Called with kind and media object of a media header.

    Raises:
        GraphError: 131008 or 131009, 131051 for a type outside the sandbox.
    """
    if not isinstance(content, dict):
        raise _wrong("Param interactive must be a JSON object.")
    kind = content.get("type")
    if kind is None:
        raise _absent("interactive['type']")
    action = content.get("action")
    check = _ACTIONS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise GraphError(131051, "Interactive message type is not supported.")
    if not isinstance(content.get("body"), dict):
        raise _absent("interactive['body']")
    _sized(content["body"].get("text"), "Body text", 1, MAX_BODY)
    if "footer" in content:
        footer = content["footer"]
        _sized(footer.get("text") if isinstance(footer, dict) else None, "Footer text", 1, MAX_FOOTER)
    if "header" in content:
        _header(kind, content["header"], source)
    if not isinstance(action, dict):
        raise _absent("interactive['action']")
    check(action)


def _header(kind: str, header: Any, source: SourceCheck) -> None:
    form = header.get("type") if isinstance(header, dict) else None
    if form == "text":
        _sized(header.get("text"), "Header text", 1, MAX_HEADER)
    elif form in ("image", "video", "document") and kind in ("button", "cta_url"):
        medium = header.get(form)
        if not isinstance(medium, dict):
            raise _absent(f"header['{form}']")
        source(str(form), medium)
    else:
        raise _wrong("Invalid header type.")


def _buttons(action: Json) -> None:
    buttons = action.get("buttons")
    if not isinstance(buttons, list) or not 1 <= len(buttons) <= MAX_BUTTONS:
        raise _wrong(f"Invalid buttons count. Min allowed buttons: 1, Max allowed buttons: {MAX_BUTTONS}")
    replies = []
    for button in buttons:
        reply = button.get("reply") if isinstance(button, dict) else None
        if not isinstance(reply, dict) or button.get("type") != "reply":
            raise _wrong("Button type must be reply.")
        _sized(reply.get("title"), "Button title", 1, MAX_BUTTON_TITLE)
        _sized(reply.get("id"), "Button id", 1, MAX_BUTTON_ID)
        replies.append(reply)
    _unique((reply["title"] for reply in replies), "Button titles")
    _unique((reply["id"] for reply in replies), "Button ids")


def _list(action: Json) -> None:
    _sized(action.get("button"), "Button label", 1, MAX_BUTTON_TITLE)
    sections = action.get("sections")
    if not isinstance(sections, list) or not 1 <= len(sections) <= MAX_SECTIONS:
        raise _wrong(f"Invalid section count. Min allowed sections: 1, Max allowed sections: {MAX_SECTIONS}")
    ids: list[str] = []
    for section in sections:
        if not isinstance(section, dict):
            raise _wrong("Section must be a JSON object.")
        if len(sections) > 1 or "title" in section:
            _sized(section.get("title"), "Section title", 1, MAX_SECTION_TITLE)
        rows = section.get("rows")
        if not isinstance(rows, list) or not rows:
            raise _absent("section['rows']")
        ids += [_row(row) for row in rows]
    if len(ids) > MAX_ROWS:
        raise _wrong(f"Total row count exceed max allowed count: {MAX_ROWS}")
    _unique(ids, "Row ids")


def _row(row: Any) -> str:
    if not isinstance(row, dict):
        raise _wrong("Row must be a JSON object.")
    _sized(row.get("title"), "Row title", 1, MAX_ROW_TITLE)
    _sized(row.get("id"), "Row id", 1, MAX_ROW_ID)
    if row.get("description") is not None:
        _sized(row["description"], "Row description", 0, MAX_ROW_DESCRIPTION)
    return str(row["id"])


def _location_request(action: Json) -> None:
    if action.get("name") != "send_location":
        raise _wrong("Action name must be send_location.")


def _cta_url(action: Json) -> None:
    parameters = action.get("parameters")
    if action.get("name") != "cta_url" or not isinstance(parameters, dict):
        raise _wrong("Action must have the name cta_url and parameters.")
    _sized(parameters.get("display_text"), "Display text", 1, MAX_BUTTON_TITLE)
    if not re.match(r"https?://[^\s/]+", str(parameters.get("url", ""))):
        raise _wrong("Param url is not a valid URI.")


_ACTIONS: dict[str, Callable[[Json], None]] = {
    "button": _buttons,
    "list": _list,
    "location_request_message": _location_request,
    "cta_url": _cta_url,
}


def choices(interactive: Json) -> dict[str, Json]:
    """Return what a person can choose in a sent interactive message: id -> reply object of the webhook.

    The key ``type`` of each reply is ``button_reply`` or ``list_reply``.
    """
    action = interactive.get("action", {})
    found: dict[str, Json] = {}
    for button in action.get("buttons", []):
        reply = button["reply"]
        found[reply["id"]] = {"type": "button_reply", "button_reply": {"id": reply["id"], "title": reply["title"]}}
    for section in action.get("sections", []):
        for row in section["rows"]:
            kept = {key: row[key] for key in ("id", "title", "description") if row.get(key)}
            found[row["id"]] = {"type": "list_reply", "list_reply": kept}
    return found


def check_template(content: Json, known: Template | None) -> None:
    """Refuse a template send whose name, language or parameters do not match what is registered.

    Args:
        content: The ``template`` object, its shape already checked.
        known: The registered template of that name and language, None when there is none.

    Raises:
        GraphError: 132001 unknown, 132000 wrong count, 132018 or 131008 bad text, or the code of a refusal ordered.
    """
    if known is None:
        raise GraphError(
            132001,
            f"template name ({content['name']}) does not exist in {content['language']['code']}",
        )
    if known.refused_with is not None:
        raise GraphError(known.refused_with)
    given = {"header": 0, "body": 0}
    for component in content.get("components", []):
        part = str(component.get("type", "")).lower() if isinstance(component, dict) else ""
        parameters = component.get("parameters", []) if isinstance(component, dict) else []
        if not isinstance(parameters, list):
            raise GraphError(131009, "Component parameters must be an array.")
        if part == "button":
            _template_button(component, known)
        elif part in given:
            given[part] = len(parameters)
            for parameter in parameters:
                _template_parameter(parameter)
        else:
            raise GraphError(131009, "Invalid component type.")
    for part, expected in (("header", known.header_params), ("body", known.body_params)):
        if given[part] != expected:
            raise GraphError(
                132000,
                f"{part}: number of localizable_params ({given[part]}) does not match the expected number of params "
                f"({expected})",
            )


def _template_button(component: Json, known: Template) -> None:
    index = str(component.get("index", ""))
    if not index.isdigit() or int(index) >= len(known.buttons):
        raise GraphError(131009, "Button index is not one of the template's.")
    if str(component.get("sub_type", "")).lower() != "quick_reply":
        raise GraphError(131009, "Button sub_type does not match the template's.")


def _template_parameter(parameter: Any) -> None:
    if not isinstance(parameter, dict) or parameter.get("type") != "text":
        return
    text = parameter.get("text")
    if not isinstance(text, str) or not text:
        raise GraphError(131008, "Parameter of type text is missing text value")
    if re.search(r"[\n\t]| {5}", text):
        raise GraphError(132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces")


def _sized(value: Any, name: str, low: int, high: int) -> None:
    if value is None:
        raise _absent(name)
    if not isinstance(value, str) or not low <= len(value) <= high or (low and not value.strip()):
        raise _wrong(f"{name} length invalid. Min length: {low}, Max length: {high}")


def _unique(values: Iterable[str], name: str) -> None:
    listed = list(values)
    if len(set(listed)) != len(listed):
        raise _wrong(f"{name} must be unique. Duplicated value found.")


def _wrong(details: str) -> GraphError:
    return GraphError(131009, details)


def _absent(name: str) -> GraphError:
    return GraphError(131008, f"{name} is required.")
