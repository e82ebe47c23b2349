"""Words to sound, for a browser that has no voice of its own."""

from fastapi import APIRouter, Response

from lengthwise.live.voice import spoken
from lengthwise.web.forms import Speech


def speech_routes() -> APIRouter:
    routes = APIRouter(prefix="/api/speech")

    @routes.post("", response_class=Response)
    def say(form: Speech) -> Response:
        """A WAV file; 409 where this machine has no voice: the captions stand on the page."""
        return Response(spoken(form.text, form.language), media_type="audio/wav")

    return routes
