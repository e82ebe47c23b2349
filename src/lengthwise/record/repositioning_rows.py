"""A place that was looked for again, to its row of the store and back."""

from lengthwise.contracts.coordinates import Coordinate, Side
from lengthwise.contracts.repositioning import PositionErrors, Repositioning, Untold
from lengthwise.contracts.states import Estimate
from lengthwise.record.tables import RepositioningRow


def repositioning_row(found: Repositioning) -> RepositioningRow:
    e = found.errors
    return RepositioningRow(
        coordinate=found.coordinate.value,
        side=None if found.side is None else found.side.value,
        place_rad=None if found.place is None else found.place.mean,
        place_sd_rad=None if found.place is None else found.place.sd,
        trials=found.trials,
        called_back=found.called_back,
        untold=None if found.untold is None else found.untold.value,
        told=None if e is None else e.told,
        constant_rad=None if e is None else e.constant.mean,
        constant_sd_rad=None if e is None else e.constant.sd,
        absolute_rad=None if e is None else e.absolute.mean,
        absolute_sd_rad=None if e is None else e.absolute.sd,
        variable_rad=None if e is None else e.variable.mean,
        variable_sd_rad=None if e is None else e.variable.sd,
        sensors_rad=None if e is None else e.sensors_rad,
        detectable_rad=None if e is None else e.detectable_rad,
    )


def repositioning_of(row: RepositioningRow) -> Repositioning:
    return Repositioning(
        Coordinate(row.coordinate),
        None if row.side is None else Side(row.side),
        _estimate(row.place_rad, row.place_sd_rad),
        row.trials,
        _errors_of(row),
        None if row.untold is None else Untold(row.untold),
        row.called_back,
    )


def _errors_of(row: RepositioningRow) -> PositionErrors | None:
    constant = _estimate(row.constant_rad, row.constant_sd_rad)
    absolute = _estimate(row.absolute_rad, row.absolute_sd_rad)
    variable = _estimate(row.variable_rad, row.variable_sd_rad)
    if constant is None or absolute is None or variable is None:
        return None
    if row.told is None or row.sensors_rad is None or row.detectable_rad is None:
        return None
    return PositionErrors(
        row.told, constant, absolute, variable, row.sensors_rad, row.detectable_rad
    )


def _estimate(mean: float | None, sd: float | None) -> Estimate | None:
    return None if mean is None or sd is None else Estimate(mean, sd)
