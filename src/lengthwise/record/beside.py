"""One thing at a time done beside all else, whose failure is told to whoever asks next."""

import threading
from collections.abc import Callable


class Beside:
    """A thread only while something is being done."""

    def __init__(self) -> None:
        self._doing: threading.Thread | None = None
        self._failed: OSError | None = None

    def begin(self, what: Callable[[], None]) -> bool:
        """Begin it; False where the last one is not done yet. Raises the OSError with which the
        last one failed."""
        if self._doing is not None and self._doing.is_alive():
            return False
        self.wait()
        self._doing = threading.Thread(target=self._do, args=(what,), daemon=True)
        self._doing.start()
        return True

    def wait(self) -> None:
        """Until it is done. Raises the OSError with which it failed, once."""
        if self._doing is not None:
            self._doing.join()
        failed, self._failed = self._failed, None
        if failed is not None:
            raise failed

    def _do(self, what: Callable[[], None]) -> None:
        try:
            what()
        except OSError as cause:
            self._failed = cause
