"""What a person reads when a lock stands in the way: one line each."""

from pathlib import Path

from lengthwise.contracts.errors import InputError, LengthwiseError


class LockedError(LengthwiseError):
    """Something encrypted was wanted without its passphrase."""

    def __init__(self, folder: Path) -> None:
        super().__init__(
            f"profile {folder.name} is locked: its passphrase is needed; type it when you are "
            "asked, or give it as LENGTHWISE_PASSPHRASE or LENGTHWISE_PASSPHRASE_FD"
        )
        self.code = "locked"


class WrongSecretError(LengthwiseError):
    """A passphrase or a recovery code that does not fit. It is never repeated."""

    def __init__(self, what: str, *, wait_s: float = 0.0) -> None:
        self.what, self.wait_s = what, wait_s
        later = f"try again in {wait_s:.0f} s" if wait_s >= 1.0 else "try again"
        super().__init__(f"this {what} does not open the profile; nothing was changed; {later}")
        if wait_s >= 1.0:
            self.coded("wrong_later", wait_s=round(wait_s))
        else:
            self.coded("wrong")


class TooSoonError(LengthwiseError):
    """Tried again before the time that grows with each wrong one was over."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(
            f"several passphrases were wrong: the next one can be tried in {wait_s:.0f} s"
        )
        self.coded("too_soon", wait_s=round(wait_s))


class TamperedError(InputError):
    """Encrypted content that was changed, moved or cut: none of it is used."""

    def __init__(self, path: Path, found: str) -> None:
        super().__init__(
            f"encrypted file {path}",
            value=found,
            allowed="a whole file of this profile",
            remedy="take it from a backup",
        )
