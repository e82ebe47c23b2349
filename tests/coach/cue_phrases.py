"""Phrases that are chosen among, and a pelvis whose correction comes due again and again."""

from coach_script import Moment, tip
from hypothesis import strategies as st

from lengthwise.coach.reasons import reason
from lengthwise.coach.settings import published_settings
from lengthwise.coach.speaking import Phrase, Priority
from lengthwise.contracts.decision import Phase
from lengthwise.reference.wording import Wording

CORRECTION = "tuck_pelvis"
SETTINGS = published_settings()
CUES = ("ease", "deeper", "slower", "kept", "tuck_pelvis", "known.lost", "hold", "release")
phrases = st.lists(
    st.builds(
        lambda priority, cue, adds: Phrase(
            priority, cue, Wording(cue), (reason("hold.kept"),), adds=adds
        ),
        st.sampled_from(Priority),
        st.sampled_from(CUES),
        st.booleans(),
    ),
    max_size=6,
)


def tips_again_and_again(m: Moment) -> None:
    """A pelvis that tips for the whole of each hold; what is said of it comes due again."""
    if m.phase is Phase.HOLD:
        tip(m)
