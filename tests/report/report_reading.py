"""Reads a page as a browser would: what is seen, and whether every element is closed in order."""

from html.parser import HTMLParser

_VOID = {"meta", "br", "img", "link", "input", "hr"}


class ReadPage(HTMLParser):
    """`open` and `misnested` are empty where the page is well formed; `text` is what is read."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.misnested: list[str] = []
        self.attributes: list[tuple[str, str, str]] = []
        self.visible: list[str] = []
        self.scripts = 0
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        self.scripts += tag == "script"
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.misnested.append(tag)

    def handle_data(self, data: str) -> None:
        if not {"style", "script"} & set(self.open):
            self.visible.append(data)

    @property
    def text(self) -> str:
        spoken = [v for _, name, v in self.attributes if name in ("title", "aria-label", "alt")]
        return " ".join([*self.visible, *spoken])
