"""What of a test can be read out of real recordings, beside markers and gravity."""

from pathlib import Path

from lengthwise.live.assess_real import read_real


def test_what_is_read_out_lies_within_its_doubt_of_the_reference(shared_data: Path) -> None:
    """Six seated side-bends by one camera against markers, and the low back from standing to
    sitting by two sensors. Of one person each: signs and honesty, and no more."""
    rows = read_real(shared_data)
    told = [r for r in rows if r.value_deg is not None]
    assert len(rows) == 7 and len(told) >= 5
    for r in told:
        assert r.value_deg is not None and r.sd_deg is not None and r.reference_deg is not None
        assert r.sd_deg <= 6.0
        assert abs(r.value_deg - r.reference_deg) <= 2.0 * r.sd_deg, r
