"""The WebSocket of the server, which reads on while the last message is taken.

Uvicorn's stops listening after each message until the application has taken it, and begins again:
two calls of the system and a tenth of the edge's time for each image. Here it stops only where
several wait.
"""

from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

MOST_UNTAKEN = 16
"""Messages of one connection, of `ws_max_size` each."""


class Socket(WebSocketsSansIOProtocol):
    def send_receive_event_to_app(self) -> None:
        if self.read_paused or self.queue.qsize() >= MOST_UNTAKEN:
            super().send_receive_event_to_app()
            return
        self.read_paused = True  # so it is taken as done
        super().send_receive_event_to_app()
        self.read_paused = False
