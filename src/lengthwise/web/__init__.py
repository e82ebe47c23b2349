"""The HTTP and WebSocket edge of this machine: who may come in, what may go through."""
