"""Has imported the program, and makes a process of it as often as it is asked: a start without the seconds of imports.

Run as ``python tests/nursery.py <socket>``; ends when its standard input does. Each connection asks for one
process by a line of JSON, and reads its id, then its status when it has ended, negative for a signal. What is asked for
is the program as any start has it: its environment, arguments and output are its own.
"""

from __future__ import annotations

import gc
import json
import os
import runpy
import selectors
import signal
import socket
import sys
import threading
from contextlib import suppress
from typing import Any, NoReturn

from chatbot.cli import main

_FILES = 65_536  # more than it can have open


def _serve(path: str) -> None:
    gc.freeze()  # else each program copies the pages of all that was imported, once it collects
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # those who wait for the programs end by themselves
    with socket.socket(socket.AF_UNIX) as listening, selectors.DefaultSelector() as ready:
        listening.bind(path)
        listening.listen()
        ready.register(listening, selectors.EVENT_READ)
        ready.register(sys.stdin, selectors.EVENT_READ)
        sys.stdout.write(f"{threading.active_count()}\n")  # whoever started us reads it: we listen
        sys.stdout.flush()
        while all(key.fileobj is listening for key, _ in ready.select()):
            connection, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                _wait(connection)
            connection.close()


def _wait(connection: socket.socket) -> NoReturn:
    """Start the program, and say how it ended."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with connection, connection.makefile("rw") as lines:
        order = json.loads(lines.readline())
        pid = os.fork()
        if pid == 0:
            _become(order)
        lines.write(f"{pid}\n")
        lines.flush()
        lines.write(f"{os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])}\n")
    os._exit(0)


def _become(order: dict[str, Any]) -> NoReturn:
    output = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.closerange(3, min(_FILES, os.sysconf("SC_OPEN_MAX")))
    os.environ.clear()
    os.environ.update(order["environment"])
    status = 0
    try:
        if order["script"]:
            sys.argv = [order["script"], order["verb"]]
            runpy.run_path(order["script"], run_name="__main__")
        else:
            main([order["verb"]])
    except SystemExit as end:
        status = int(end.code or 0)
    except BaseException:  # noqa: BLE001  as the interpreter would
        sys.excepthook(*sys.exc_info())
        status = 1
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError):
            stream.flush()
    os._exit(status)


if __name__ == "__main__":
    _serve(sys.argv[1])
