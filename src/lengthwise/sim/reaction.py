"""How long a simulated person takes from a cue to the movement it asks for.

Nobody is quicker than to a plain signal; on top comes the time to hear the words out and to make
them out, which varies from cue to cue and is long at times.
"""

from math import exp, log

from lengthwise.reference.constants import constant
from lengthwise.sim.draws import Stream, generator

USUAL_S = constant("sim", "reaction_s")
_LEAST_S = constant("sim", "reaction_least_s")
_SPREAD = constant("sim", "reaction_log_sd")


def reaction_s(seed: int, count: int, *, slower: float = 1.0) -> float:
    """Of the cue that is the `count`th that this person heard; `slower` times the usual."""
    drawn = float(generator(seed, Stream.REACTION, count=count).standard_normal())
    return _LEAST_S + slower * exp(log(USUAL_S - _LEAST_S) + _SPREAD * drawn)
