"""The coach's constants as one frozen value; meaning, range and source stand in the data file."""

from msgspec import Struct

from lengthwise.reference.constants import constants


class Settings(Struct, frozen=True):
    """Fields are the entries of `constants_data/coach.toml`, in the units of their names."""

    get_ready_min_s: float
    get_ready_max_s: float
    countdown_lapse_s: float
    wait_told_s: float
    posture_told_s: float
    time_left_s: float
    start_tolerance_rad: float
    still_tolerance_rad: float
    still_s: float
    rest_still_s: float
    begun_progress_ratio: float
    ease_in_max_s: float
    min_line_alignment_ratio: float
    compensation_probability: float
    doubt_probability: float
    lapse_s: float
    largest_gap_s: float
    stale_s: float
    lost_release_s: float
    over_ceiling_release_s: float
    window_settles_s: float
    tolerance_position_ratio: float
    let_go_progress_ratio: float
    let_go_probability: float
    dose_ceiling_ratio: float
    hold_max_ratio: float
    reached_tolerance_rad: float
    reached_span_ratio: float
    cycle_least_ratio: float
    cycle_doubts_ratio: float
    cycle_surest_ratio: float
    cycle_min_s: float
    cycle_fast_ratio: float
    cycle_still_s: float
    release_min_s: float
    release_max_s: float
    switch_side_s: float
    repeat_most: float
    other_side_s: float
    other_side_seen_ratio: float
    other_side_seen_rad: float
    other_side_most: float
    breath_slack_s: float
    phrase_gap_s: float
    correction_gap_s: float
    correction_wait_s: float
    phrase_repeat_s: float
    phrase_shown_s: float
    question_wait_s: float
    question_again_s: float
    pain_absolute_baseline_nrs: float
    pain_ease_nrs: float
    pain_stop_nrs: float
    pain_rise_ease_nrs: float
    pain_rise_stop_nrs: float
    pain_session_rise_nrs: float
    pain_no_stretch_nrs: float
    sensation_most: float
    ease_step_ratio: float
    ease_answer_s: float
    ease_lapse_s: float
    nerve_limit_ratio: float
    nerve_sign_limit_ratio: float
    lumbar_limit_acute_ratio: float
    lumbar_limit_subacute_ratio: float
    lumbar_limit_chronic_ratio: float
    pace_time_s: float
    pace_ease_per_s: float
    pace_pause_per_s: float
    bounce_ratio: float
    bounce_s: float
    bounce_turns: float
    breath_held_s: float
    breath_paced_s: float
    breath_lengthened_ratio: float
    breath_in_ratio: float
    relax_expected_s: float
    relax_least_ratio: float
    tremor_least_hz: float
    tremor_most_hz: float
    tremor_least_rad: float
    tremor_lasts_s: float
    tremor_frame_rate_hz: float
    tap_least_m_s2: float
    tap_quiet_m_s2: float
    tap_rest_m_s2: float
    tap_longest_s: float
    tap_settle_s: float
    tap_apart_s: float
    tap_least_rate_hz: float
    tap_faint_m_s2: float
    tap_doubt_s: float


def published_settings() -> Settings:
    """The settings as they ship. Raises TypeError where the file and the fields differ."""
    return Settings(**{name: entry.value for name, entry in constants("coach").items()})
