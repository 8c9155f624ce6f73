"""A disk as it is after the power went: what was synced stays, of the rest nothing or whatever chance leaves.

Reads what strace saw of the program's writing, and plays it back up to a moment. The model is POSIX's, stricter than
most file systems: the content of a file is safe after ``fsync`` of the file, its name after ``fsync`` of its folder.
What is mapped into memory (SQLite's index of its log, which it makes anew) is not seen.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_CALLS = (
    *("openat", "creat", "write", "pwrite64", "writev", "pwritev", "ftruncate", "fallocate"),
    *("fsync", "fdatasync", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat"),
)
_UNKNOWN = {"creat", "writev", "pwritev", "fallocate"}  # nobody here uses them; whoever begins to must add them
OPTIONS = ("-ff", "-ttt", "-T", "-y", "-xx", "-s", "100000000", "-e", f"trace={','.join(_CALLS)}", "-o")

_LINE = re.compile(r"(\d+\.\d+) (\w+)\((.*)\) += (\d+)(?:<.*>)? <(\d+\.\d+)>\n")  # calls that failed changed nothing
_FD = re.compile(r"(\d+)<([^>]*)>")
_TEXT = re.compile(r'"([^"]*)"')
_PAGE = 4096
_HALF = 0.5
_Change = tuple[int, bytes | None]  # offset and data; without data the offset is where the file ends now


@dataclass
class _File:
    safe: bytearray = field(default_factory=bytearray)
    pending: list[_Change] = field(default_factory=list)


@dataclass(frozen=True)
class Event:
    """A call of the program. A sync is two: when it begins it knows what it is to keep, when it ends that is safe."""

    at: float
    kind: str
    path: str
    data: bytes = b""
    offset: int = 0
    other: str = ""


def events_of(trace: Path, folder: Path) -> list[Event]:
    """What happened within a folder, in order.

    Args:
        trace: what strace was told to write to; one file for each thread.
        folder: absolute.
    """
    found = [event for file in trace.parent.glob(f"{trace.name}.*") for event in _read(file)]
    inside = str(folder)
    return sorted((one for one in found if one.path.startswith(inside)), key=lambda event: event.at)


def _read(file: Path) -> Iterator[Event]:
    positions: dict[tuple[str, str], int] = {}
    with file.open(encoding="ascii") as lines:
        for line in lines:
            if match := _LINE.fullmatch(line):
                yield from _event(match, positions)


def _event(match: re.Match[str], positions: dict[tuple[str, str], int]) -> Iterator[Event]:
    begun, call, arguments, result, seconds = match.groups()
    at = float(begun) + float(seconds)
    if call in _UNKNOWN:
        raise AssertionError(f"{call} is not played back: add it to this model")
    if call in {"openat", "rename", "renameat", "renameat2", "unlink", "unlinkat", "mkdir", "mkdirat"}:
        paths = [_decoded(text).decode() for text in _TEXT.findall(arguments)]
        if call != "openat":
            yield Event(at, call.removesuffix("2").removesuffix("at"), paths[0], other=paths[-1])
        elif "O_CREAT" in arguments or "O_TRUNC" in arguments:
            yield Event(at, "truncated" if "O_TRUNC" in arguments else "open", paths[0])
            positions[result, paths[0]] = 0
        return
    handle = _FD.match(arguments)
    if handle is None:
        return
    number, path = handle[1], _decoded(handle[2]).decode(errors="replace")
    if call in {"fsync", "fdatasync"}:
        yield Event(float(begun), "sync", path)
        yield Event(at, "synced", path)
    elif call == "ftruncate":
        yield Event(at, "cut", path, offset=int(arguments.rpartition(", ")[2]))
    else:
        data = _decoded(_TEXT.findall(arguments)[0])[: int(result)]
        if call == "pwrite64":
            offset = int(arguments.rpartition(", ")[2])
        else:
            offset = positions.get((number, path), 0)
            positions[number, path] = offset + len(data)
        yield Event(at, "write", path, data, offset)


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


class Disk:
    """What lies in a folder, and how much of it would be there without power.

    Args:
        folder: what is there before the first event is safe.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._names: dict[str, _File | None] = {
            str(path): None if path.is_dir() else _File(bytearray(path.read_bytes()))
            for path in (folder, *folder.rglob("*"))
        }
        self._safe_names = dict(self._names)
        self._syncing: dict[str, int] = {}

    def play(self, event: Event) -> None:
        """Let an event happen."""
        path = event.path
        file = self._names.get(path)
        if event.kind in {"open", "truncated"} and path not in self._names:
            self._names[path] = _File()
        elif event.kind == "mkdir":
            self._names.setdefault(path, None)
        elif event.kind == "rename":
            self._names[event.other] = self._names.pop(path)
        elif event.kind == "unlink":
            self._names.pop(path, None)
        elif event.kind == "synced" and path in self._names and file is None:
            self._sync_names(path)
        elif file is not None:
            self._change(event, file)

    def _change(self, event: Event, file: _File) -> None:
        if event.kind == "write":
            file.pending.append((event.offset, event.data))
        elif event.kind in {"cut", "truncated"}:
            file.pending.append((event.offset, None))
        elif event.kind == "sync":
            self._syncing[event.path] = len(file.pending)
        elif event.kind == "synced":
            count = self._syncing.pop(event.path, 0)
            for change in file.pending[:count]:
                _apply(file.safe, change)
            del file.pending[:count]

    def _sync_names(self, folder: str) -> None:
        def inside(names: dict[str, _File | None]) -> dict[str, _File | None]:
            return {path: file for path, file in names.items() if path.rpartition("/")[0] == folder}

        for path in inside(self._safe_names):
            del self._safe_names[path]
        self._safe_names |= inside(self._names)

    def write_to(self, target: Path, chance: random.Random | None = None) -> None:
        """Write what is left after the power went.

        Args:
            target: an empty folder.
            chance: decides which pages and names are there although they were not synced; None: none of them.
        """
        names = dict(self._safe_names)
        if chance and chance.random() < _HALF:
            names = dict(self._names)
        for path in sorted(names):
            file, there = names[path], target / Path(path).relative_to(self._folder)
            if not there.parent.is_dir() or there.name.endswith("-shm"):
                continue  # its folder is lost with all in it
            if file is None:
                there.mkdir(exist_ok=True)
            else:
                there.write_bytes(_left(file, chance))


def _left(file: _File, chance: random.Random | None) -> bytes:
    content = bytearray(file.safe)
    for offset, data in file.pending if chance else ():
        pages: list[_Change] = [(offset, None)]
        if data is not None:
            pages = [(offset + start, data[start : start + _PAGE]) for start in range(0, len(data), _PAGE)]
        for page in pages:
            if chance and chance.random() < _HALF:
                _apply(content, page)
    return bytes(content)


def _apply(content: bytearray, change: _Change) -> None:
    offset, data = change
    content.extend(bytes(max(0, offset - len(content))))
    if data is None:
        del content[offset:]
    else:
        content[offset : offset + len(data)] = data
