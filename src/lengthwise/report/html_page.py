"""One self-contained page of HTML: style and script within, nothing from a network."""

from html import escape
from importlib.resources import files


def whole_page(
    title: str, body: str, *, look: str, script: str | None = None, data: str = ""
) -> str:
    """The page around `body`. `look` and `script` name files of this package; `data` is JSON for
    the script, which finds it by the id `data`. The title is escaped here."""
    folder = files("lengthwise.report")
    style = (folder / look).read_text(encoding="utf-8")
    code = (folder / script).read_text(encoding="utf-8") if script else ""
    kept = data.replace("</", "<\\/")
    given = f'<script type="application/json" id="data">{kept}</script>' if data else ""
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>{escape(title)} · Lengthwise</title><style>{style}</style></head>"
        f"<body><main>{body}</main>{given}"
        f"{f'<script>{code}</script>' if script else ''}</body></html>\n"
    )


def section(heading: str, content: str, *, note: str = "", name: str = "") -> str:
    """One part of a page under its heading; empty where there is nothing to show."""
    if not content:
        return ""
    small = f'<p class="note">{escape(note)}</p>' if note else ""
    return f'<section class="{name}"><h2>{escape(heading)}</h2>{small}{content}</section>'
