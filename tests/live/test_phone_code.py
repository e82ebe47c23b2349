"""A code pairs one phone, once, soon, and is not to be guessed."""

from lengthwise.live.phone_code import GOOD_FOR_S, MOST_WRONG, new_code, tried


def test_a_code_is_good_once() -> None:
    code = new_code(100.0)
    assert code.text is not None
    text = code.text
    code, good = tried(code, text, 101.0)
    assert good
    code, good = tried(code, text, 102.0)
    assert not good and not code.open(102.0)


def test_a_code_is_good_for_minutes() -> None:
    code = new_code(100.0)
    assert code.text is not None
    assert not tried(code, code.text, 100.0 + GOOD_FOR_S)[1]
    assert tried(code, code.text, 100.0 + GOOD_FOR_S - 1.0)[1]


def test_wrong_guesses_close_it_also_for_the_right_one() -> None:
    code = new_code(0.0)
    right = code.text
    assert right is not None
    for n in range(MOST_WRONG):
        assert code.open(1.0), f"still open after {n} guesses"
        code, good = tried(code, right + "x", 1.0)
        assert not good
    assert not tried(code, right, 1.0)[1]


def test_no_two_codes_are_alike_and_each_is_long() -> None:
    texts = {new_code(0.0).text for _ in range(50)}
    assert len(texts) == 50
    assert all(text is not None and len(text) >= 20 for text in texts)


def test_a_guess_in_other_letters_breaks_nothing() -> None:
    assert not tried(new_code(0.0), "schlüssel\ud800".encode("utf-8", "replace").decode(), 1.0)[1]
