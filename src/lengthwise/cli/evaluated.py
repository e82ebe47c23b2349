"""Telling what an evaluation found: as tables, as JSON, and as a page."""

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lengthwise.live.evaluation.table import Table


def tell_tables(o: argparse.Namespace, tables: "list[Table]", page: str) -> None:
    import msgspec

    from lengthwise.live.evaluation.table import markdown

    if o.write is not None:
        o.write.write_text(page, encoding="utf-8", newline="\n")
    if o.json:
        print(msgspec.json.format(msgspec.json.encode(tables), indent=2).decode())
    else:
        print(markdown(tables))
