"""The recovery code: 24 letters and digits in six groups, for who forgets the passphrase.

22 places are random (110 bits: no list of guesses gets there), two are the check: the places
weighted 1 to 22, summed modulo 1021. One wrong place, or any two exchanged, changes the sum by less
than 1021 and more than 0, so it is always noticed before anything is tried with it.
"""

import secrets

from lengthwise.contracts.errors import InputError

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without I, L, O and U, which are read as other signs or make words."""
GROUP = 4
_RANDOM_PLACES = 22
_MODULUS = 1021
_READ_AS = str.maketrans("ILO", "110")


def fresh_code() -> str:
    """`XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`."""
    values = [secrets.randbelow(32) for _ in range(_RANDOM_PLACES)]
    text = "".join(ALPHABET[v] for v in (*values, *_check(values)))
    return "-".join(text[i : i + GROUP] for i in range(0, len(text), GROUP))


def normal_code(typed: str) -> str:
    """The 24 places of a code as it was typed. Raises InputError, which never repeats it."""
    bare = "".join(c for c in typed.upper() if not c.isspace() and c not in "-–—.")
    bare = bare.translate(_READ_AS)
    if len(bare) != _RANDOM_PLACES + 2 or any(c not in ALPHABET for c in bare):
        raise _refusal(f"{len(bare)} places, or a sign that codes do not have")
    values = [ALPHABET.index(c) for c in bare]
    if _check(values[:_RANDOM_PLACES]) != tuple(values[_RANDOM_PLACES:]):
        raise _refusal("a code with a typing mistake: its check does not fit")
    return bare


def _check(values: list[int]) -> tuple[int, int]:
    total = sum(place * value for place, value in enumerate(values, start=1)) % _MODULUS
    return total // 32, total % 32


def _refusal(found: str) -> InputError:
    return InputError(
        "recovery code",
        value=found,
        allowed="24 letters and digits, in six groups of four",
        remedy="compare it with what you wrote down",
    )
