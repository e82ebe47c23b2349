"""A listening socket that lets so many in at a time."""

import socket
from typing import Any
from weakref import WeakSet


class CountedIn(socket.socket):
    """Whoever comes beyond `most` is let go at once, before anything is read: connections that
    nobody closes must not use up what those who are in need."""

    def __init__(self, most: int) -> None:
        # The protocol is stated: by that Python's event loop knows that it may send without delay.
        super().__init__(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._most = most
        self._inside: WeakSet[socket.socket] = WeakSet()

    def accept(self) -> tuple[socket.socket, Any]:
        came, address = super().accept()
        if sum(known.fileno() >= 0 for known in self._inside) >= self._most:
            came.close()
            raise BlockingIOError("as many as are let in")
        self._inside.add(came)
        return came, address
