"""A clinician's word on a plan, in a sentence for what was decided."""

from lengthwise.contracts.care import Direction
from lengthwise.contracts.week import Clinician
from lengthwise.reference.exercises import exercises
from lengthwise.report.words import joined_words

CLINICIAN_CHANGE = "Another word of a clinician."


def clinician_words(word: Clinician) -> str:
    """What it does, and the reason that was given."""
    does = [] if word.level_most is None else [f"no level above {word.level_most}"]
    if word.left_out:
        names = joined_words([f"“{exercises()[i].plain_name}”" for i in word.left_out])
        does.append(f"without {names}")
    if word.lifted:
        does.append(f"{joined_words(list(word.lifted))} lifted")
    if word.preferred is not None:
        way = {Direction.FLEXION: "rounding", Direction.EXTENSION: "arching"}[word.preferred]
        does.append(f"{way} the low back comes first while pain is new or worse")
    what = ", ".join(does) or "the plan goes by its rules alone"
    return f"A clinician's word: {what}. Reason: {word.reason.strip().rstrip('.')}."
