"""A TCP proxy that fails on demand: one in front of each server and service. All of them live on one thread."""

import asyncio
import contextlib
import random
import threading

CHUNK_BYTES = 65536


class Proxies:
    """The thread on which proxies run, and the proxies by name."""

    def __init__(self, seed=0):
        self.random = random.Random(f"proxies {seed}")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxies", daemon=True)
        self._thread.start()
        self.by_name = {}

    def open(self, name, target_port):
        """A proxy in front of 127.0.0.1:target_port, on a free port of its own."""
        proxy = FaultProxy(self._loop, target_port, self.random)
        self.run(proxy.listen())
        self.by_name[name] = proxy
        return proxy

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(timeout=10)

    def heal(self):
        for proxy in self.by_name.values():
            proxy.heal()

    def close(self):
        for proxy in self.by_name.values():
            self.run(proxy.close())
        self.run(_let_end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()


async def _let_end():
    """What serves connections that were broken off ends by itself."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    if others:
        await asyncio.wait(others, timeout=5)


class FaultProxy:
    """
    Passes on what comes, but for the fault that is set: `cut` breaks every connection and takes no other, `delay` holds
    each piece back, `hang` passes nothing on, `halve` sends half of the next piece of each direction and breaks off.
    Set from any thread.
    """

    def __init__(self, loop, target_port, chance):
        self._loop = loop
        self._target_port = target_port
        self._random = chance
        self._connections = set()
        self._passing = asyncio.Event()
        self._prompt = asyncio.Event()
        self._refusing = False
        self._halving = 0
        self._delay_s = 0.0
        self.port = None

    async def listen(self):
        self._passing.set()
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self):
        self._server.close()
        self._break_all()

    def cut(self):
        """What is open breaks, what comes is refused, until healed."""
        self._loop.call_soon_threadsafe(self._set, {"_refusing": True})
        self._loop.call_soon_threadsafe(self._break_all)

    def break_connections(self):
        """What is open breaks; whoever comes again is let in."""
        self._loop.call_soon_threadsafe(self._break_all)

    def delay(self, seconds):
        self._loop.call_soon_threadsafe(self._prompt.clear)
        self._loop.call_soon_threadsafe(self._set, {"_delay_s": seconds})

    def hang(self):
        self._loop.call_soon_threadsafe(self._passing.clear)

    def halve(self, pieces=1):
        """The next pieces go half way, and their connections break."""
        self._loop.call_soon_threadsafe(self._set, {"_halving": pieces})

    def heal(self):
        self._loop.call_soon_threadsafe(self._set, {"_refusing": False, "_halving": 0, "_delay_s": 0.0})
        self._loop.call_soon_threadsafe(self._passing.set)
        self._loop.call_soon_threadsafe(self._prompt.set)

    def _set(self, values):
        self.__dict__.update(values)

    def _break_all(self):
        for writer in list(self._connections):
            writer.transport.abort()

    async def _serve(self, reader, writer):
        if self._refusing:
            writer.transport.abort()
            return
        try:
            onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self._target_port)
        except OSError:
            writer.transport.abort()
            return
        both = (writer, onward_writer)
        self._connections.update(both)
        try:
            await asyncio.gather(self._pass(reader, onward_writer, both), self._pass(onward_reader, writer, both))
        finally:
            self._connections.difference_update(both)
            for each in both:
                each.transport.abort()

    async def _pass(self, reader, writer, both):
        try:
            while piece := await reader.read(CHUNK_BYTES):
                if self._delay_s:
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(self._prompt.wait(), self._delay_s * self._random.uniform(0.5, 1.5))
                await self._passing.wait()
                if self._halving > 0 and len(piece) > 1:
                    self._halving -= 1
                    writer.write(piece[: self._random.randrange(1, len(piece))])
                    await writer.drain()
                    for each in both:
                        each.close()  # when the half is sent
                    return
                writer.write(piece)
                await writer.drain()
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:
            for each in both:
                each.transport.abort()
