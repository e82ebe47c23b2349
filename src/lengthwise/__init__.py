"""Lengthwise: which muscle a stretch lengthens, by how much, and how surely that is known."""

__version__ = "0.1.0"
