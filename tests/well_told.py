"""The care of somebody who told everything, and of whom nothing forbids a stretch."""

from lengthwise.contracts.care import Care, Course

WELL = Care(
    baseline_nrs=2.0,
    course=Course.CHRONIC,
    neural_signs=(),
    pain_relief=False,
    flare=False,
    irritable=False,
    hypermobile=False,
    osteoporotic=False,
    pregnant=False,
)
