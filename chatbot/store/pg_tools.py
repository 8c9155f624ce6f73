"""PostgreSQL's own tools: pg_dump and pg_restore, found on the PATH and run beside us.

Owns finding them, their versions, and what of their complaints may be shown. A password reaches them by their
environment only, where other users of the machine do not see it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL

_VERSION = re.compile(r"\) (\d+)")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")  # may be a row's contents


class ToolFailed(Exception):
    """A tool is missing, too old, or said no.

    Args:
        key: which of that, and what to do, among the catalogues' words of backups.
        values: what stands in those words.
    """

    def __init__(self, key: str, **values: str) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def tool(name: str, at_least: int) -> tuple[str, int]:
    """A tool that can do with a server, or a dump, of a major version.

    Returns:
        Its path, and its own major version.

    Raises:
        ToolFailed: it is not installed, or older.
    """
    path = shutil.which(name)
    if path is None:
        raise ToolFailed("tool_missing", tool=name, version=str(at_least))
    found = _VERSION.search(run(path, "--version"))
    version = int(found[1]) if found else 0
    if version < at_least:
        raise ToolFailed("tool_older", tool=name, found=str(version or "?"), version=str(at_least))
    return path, version


def run(path: str, *arguments: str, url: URL | None = None) -> str:
    """Run a tool to its end; what it printed.

    Args:
        path: the tool's.
        arguments: its arguments.
        url: the database that it connects to, if it does.

    Raises:
        ToolFailed: it ended with another status than 0.
    """
    environment = dict(os.environ)
    if url is not None:
        environment["PGPASSWORD"] = str(url.password or "")
        bare = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
        arguments = (*arguments, f"--dbname={bare}")
    command = [path, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)  # noqa: S603  a list of arguments, and no shell
    if done.returncode:
        complaint = _complaint(done.stderr.splitlines())
        raise ToolFailed("tool_failed", tool=Path(path).name, status=str(done.returncode), complaint=complaint)
    return done.stdout


def _complaint(lines: Sequence[str]) -> str:
    """The first complaint without what stands between quotation marks."""
    errors = [line for line in lines if "error:" in line] or [*lines, "?"]
    return _QUOTED.sub("…", errors[0])[:200]
