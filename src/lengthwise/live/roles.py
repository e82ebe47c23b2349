"""Who may be at the other end of a room's line, and how much of it is taken."""

from msgspec import Struct

MOST_SAMPLES_A_SECOND = 250.0


class Role(Struct, frozen=True):
    """Who is at the other end: the page of the session, a phone that may only bring motion, or the
    devices that are worn, which cannot say a word either."""

    name: str
    words: bool
    landmarks: bool
    motion: bool
    devices: bool = False


PAGE = Role("page", words=True, landmarks=True, motion=False)
PHONE = Role("phone", words=False, landmarks=False, motion=True)
DEVICES = Role("devices", words=False, landmarks=False, motion=False, devices=True)
