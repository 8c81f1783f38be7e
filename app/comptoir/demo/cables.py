"""Network cables that can be pulled out: a small TCP forwarder for each way between two machines.

A cable that is out carries nothing and tells nobody, as a real one: connections stay, bytes wait.
"""

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

CALL_S = 5.0
CHUNK_BYTES = 64 * 1024
CONNECTIONS_MAX = 32
LOCALHOST = "127.0.0.1"

T = TypeVar("T")


class Cable:
    """One way from a local port to another; ``port`` is where to connect."""

    def __init__(self, target_port: int) -> None:
        self.port = 0
        self._target_port = target_port
        self._whole = asyncio.Event()
        self._whole.set()
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def lay(self) -> None:
        """Start to listen."""
        self._server = await asyncio.start_server(self._connected, LOCALHOST, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])

    def pull_out(self) -> None:
        """Carry nothing from now on."""
        self._whole.clear()

    def plug_in(self) -> None:
        """Carry again, first what waited."""
        self._whole.set()

    async def remove(self) -> None:
        """Close everything."""
        if self._server is not None:
            self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is None or not self._whole.is_set() or len(self._tasks) >= CONNECTIONS_MAX:
            writer.transport.abort()
            return
        self._tasks.add(task)
        try:
            await self._carry(reader, writer)
        except (OSError, asyncio.CancelledError):
            pass  # a broken connection is what this is for; both ends notice by the abort below
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(LOCALHOST, self._target_port)
        ways = [
            asyncio.ensure_future(self._pump(reader, back)),
            asyncio.ensure_future(self._pump(there, writer)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            back.transport.abort()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(CHUNK_BYTES):
            await self._whole.wait()
            writer.write(data)
            await writer.drain()


class PatchPanel:
    """All cables of the demo, in one thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="cables", daemon=True)
        self._cables: list[Cable] = []
        self._thread.start()

    def lay(self, target_port: int) -> Cable:
        """Return a new cable to a local port."""
        cable = self._call(self._lay(target_port))
        self._cables.append(cable)
        return cable

    def pull_out(self, cable: Cable) -> None:
        """Pull a cable out."""
        self._loop.call_soon_threadsafe(cable.pull_out)

    def plug_in(self, cable: Cable) -> None:
        """Plug a cable in again."""
        self._loop.call_soon_threadsafe(cable.plug_in)

    def close(self) -> None:
        """Remove every cable and end the thread."""
        for cable in self._cables:
            self._call(cable.remove())
        self._cables.clear()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CALL_S)
        if not self._thread.is_alive():
            self._loop.close()

    async def _lay(self, target_port: int) -> Cable:
        cable = Cable(target_port)
        await cable.lay()
        return cable

    def _call(self, work: Coroutine[Any, Any, T]) -> T:
        done: Future[T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        return done.result(CALL_S)
