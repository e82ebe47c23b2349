"""The passphrase in a real browser: offered, chosen, and asked for at the next start."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from page_server import serving
from page_steps import answered, open_to_all, shot
from playwright.sync_api import Locator, Page, expect

from lengthwise.contracts.session import SessionTotals
from lengthwise.record.encrypting import in_clear
from lengthwise.record.session_folder import profile_folder
from lengthwise.record.store import ProfileStore

pytestmark = pytest.mark.browser
WORDS, NEW_WORDS = "four words of mine", "five other words of mine"


def recorded_today(home: Path) -> None:
    now = datetime.now(UTC)
    totals = SessionTotals(
        session_id=f"{now:%Y%m%dT%H%M%S}Z-a1b2c3",
        started_utc=now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        duration_s=60.0,
        frames=900,
        exercise_id="standing_side_bend",
        effective_s=20.0,
        uncertain_s=5.0,
        rejections={},
        claimed_ratio={},
        simulated=False,
        complete=True,
    )
    with ProfileStore.open(home, "me") as store:
        store.add_session(totals, store.session_folder(totals.session_id).create().sealed)


def test_offered_chosen_and_asked_for_at_the_next_start(page: Page, tmp_path: Path) -> None:
    recorded_today(tmp_path)
    with serving(tmp_path) as link:
        answered(page, link)
        page.get_by_role("heading", name="Who can read").wait_for()
        shot(page, "lock-offer", full_page=True)
        page.get_by_role("button", name="Choose a passphrase").click()
        fields = page.locator("lw-lock input")
        fields.nth(0).fill(WORDS)
        fields.nth(1).fill(WORDS + "s")
        page.get_by_role("button", name="Encrypt").click()
        page.get_by_text("two different ones").wait_for()
        for n in range(2):
            fields.nth(n).fill(WORDS)
        shot(page, "lock-choose", full_page=True)
        page.get_by_role("button", name="Encrypt").click()
        page.get_by_role("heading", name="Write this down").wait_for()
        expect(page.locator("lw-lock code")).to_have_text(re.compile(r"^\S{29}$"))
        shot(page, "lock-code", full_page=True)
        page.get_by_role("button", name="I have written it down").click()
        page.locator("lw-lock code").wait_for(state="detached")
    assert in_clear(profile_folder(tmp_path, "me")) == ()
    with serving(tmp_path) as link:
        page.goto(link)
        page.get_by_role("heading", name="Locked").wait_for()
        page.locator("input[type=password]").fill("not these words")
        page.get_by_role("button", name="Open").click()
        page.get_by_text("does not open the profile").wait_for()
        shot(page, "locked", full_page=True)
        page.locator("input[type=password]").fill(WORDS)
        page.get_by_role("button", name="Open").click()
        page.get_by_role("heading", name="Today").wait_for()
        assert page.get_by_role("heading", name="Who can read").count() == 0
        shot(page, "unlocked", full_page=True)


def test_after_the_first_week_it_is_beside_what_is_kept(page: Page, tmp_path: Path) -> None:
    """Who said *not now* has it still: chosen, changed, locked and taken off from History."""
    with serving(tmp_path) as link:
        answered(page, link)
        page.get_by_role("button", name="History").click()
        lock = page.locator("lw-history lw-lock")
        lock.get_by_text("is not encrypted: whoever uses this account").wait_for()
        assert lock.get_by_role("button", name="Not now").count() == 0
        lock.get_by_role("button", name="Choose a passphrase").click()
        typed(lock, WORDS, WORDS)
        lock.get_by_role("button", name="Encrypt").click()
        written = lock.get_by_role("button", name="I have written it down")
        written.wait_for()
        assert page.get_by_role("button", name="Delete everything").count() == 0, "alone"
        written.click()
        lock.get_by_text("It is encrypted.").wait_for()
        open_to_all(page, "lock_kept")
        assert in_clear(profile_folder(tmp_path, "me")) == ()
        lock.get_by_role("button", name="Change the passphrase").click()
        typed(lock, "not the right words", NEW_WORDS, NEW_WORDS)
        lock.get_by_role("button", name="Change the passphrase").click()
        lock.get_by_text("does not open the profile").wait_for()
        typed(lock, WORDS, NEW_WORDS, NEW_WORDS)
        lock.get_by_role("button", name="Change the passphrase").click()
        lock.get_by_text("The passphrase is changed.").wait_for()
        lock.get_by_role("button", name="Lock it now").click()
        page.get_by_role("heading", name="Locked").wait_for()
        typed(page.locator("lw-lock"), NEW_WORDS)
        page.get_by_role("button", name="Open").click()
        page.get_by_role("button", name="History").click()
        lock.get_by_role("button", name="Take the passphrase off").click()
        typed(lock, NEW_WORDS)
        lock.get_by_role("button", name="Take the passphrase off").click()
        lock.get_by_text("is not encrypted").wait_for()
    assert in_clear(profile_folder(tmp_path, "me")) != ()


def typed(lock: Locator, *words: str) -> None:
    for n, each in enumerate(words):
        lock.locator("input").nth(n).fill(each)
