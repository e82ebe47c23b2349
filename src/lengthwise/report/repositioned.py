"""How near a place was found again with eyes closed: the numbers, or why there are none."""

from html import escape
from math import degrees

from lengthwise.contracts.coordinates import Coordinate
from lengthwise.contracts.repositioning import PositionErrors, Repositioning
from lengthwise.contracts.states import Estimate
from lengthwise.report.words import coordinate_name, labels, side_word


def repositioned_html(found: Repositioning | None) -> str:
    """Empty where no place was looked for."""
    if found is None:
        return ""
    said = labels().repositioned
    lines = [f"<p>{escape(line)}</p>" for line in repositioned_words(found)]
    if found.errors is None:
        return "".join(lines)
    return "".join(lines) + f'<p class="note">{escape(said["note"])}</p>'


def repositioned_words(found: Repositioning) -> tuple[str, ...]:
    """The result in plain sentences."""
    said = labels().repositioned
    side = "" if found.side is None else f", {side_word(found.side)} side"
    what = f"{coordinate_name(found.coordinate)}{side}"
    if found.errors is None:
        why = said[f"untold_{found.untold.value}"] if found.untold is not None else ""
        return (f"{what}: nothing is told. {why}",)
    e = found.errors
    return (
        f"{what}: looked for {found.trials} times, {e.told} of them known.",
        *_called_back(found),
        f"On the whole {_signed(e.constant)}: {_which_way(e)}.",
        f"Missed by {_size(e.absolute)} on average; the sensors alone would make "
        f"{degrees(e.sensors_rad):.1f}° of no miss at all.",
        f"From one time to the next it varied by {_size(e.variable)}.",
        f"From one day to another only a change of more than {degrees(e.detectable_rad):.1f}° on "
        "the whole is one.",
    )


def _called_back(found: Repositioning) -> tuple[str, ...]:
    if not found.called_back:
        return ()
    return (labels().repositioned["called_back"].format(times=found.called_back),)


def error_words(coordinate: Coordinate, e: PositionErrors) -> str:
    """In one line of a list."""
    return (
        f"{coordinate_name(coordinate).lower()} missed by {degrees(e.absolute.mean):.1f}°, "
        f"{_signed(e.constant)} on the whole"
    )


def _which_way(e: PositionErrors) -> str:
    """Only where it is surely one."""
    said = labels().repositioned
    if abs(e.constant.mean) < 1.96 * e.constant.sd:
        return said["neither"]
    return said["further" if e.constant.mean > 0.0 else "nearer"]


def _signed(value: Estimate) -> str:
    return f"{degrees(value.mean):+.1f}° (sd {degrees(value.sd):.1f}°)"


def _size(value: Estimate) -> str:
    return f"{degrees(value.mean):.1f}° (sd {degrees(value.sd):.1f}°)"
