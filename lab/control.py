"""The thread in which all signalling of the lab runs."""

from __future__ import annotations

import asyncio
import concurrent.futures
import logging
import threading
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeVar

PATIENCE_SECONDS: Final = 10.0
_T = TypeVar("_T")
_log = logging.getLogger(__name__)


class ControlLoop:
    """An asyncio loop in a thread of its own. Its methods are called from any other thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="lab-control", daemon=True)

    def start(self) -> None:
        """Begin to run."""
        self._thread.start()

    def stop(self) -> None:
        """End the loop; what is still waiting in it is dropped."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE_SECONDS)

    def ask(self, question: Callable[[], _T]) -> _T:
        """Call in the loop's thread and return the answer, or raise what it raised. Raises TimeoutError."""

        async def answer() -> _T:
            return question()

        return self.wait_for(answer(), PATIENCE_SECONDS)

    def wait_for(self, work: Coroutine[Any, Any, _T], seconds: float) -> _T:
        """Run a coroutine in the loop and return its result. Raises TimeoutError."""
        future: concurrent.futures.Future[_T] = asyncio.run_coroutine_threadsafe(work, self._loop)
        try:
            return future.result(seconds)
        except TimeoutError:
            future.cancel()
            raise

    def post(self, order: Callable[[], object]) -> None:
        """Call in the loop's thread, some time soon."""
        self._loop.call_soon_threadsafe(order)

    def post_later(self, seconds: float, order: Callable[[], object]) -> None:
        """Call in the loop's thread after some seconds."""
        self._loop.call_soon_threadsafe(self._loop.call_later, seconds, order)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
            self._drop_tasks()
        finally:
            self._loop.close()

    def _drop_tasks(self) -> None:
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
