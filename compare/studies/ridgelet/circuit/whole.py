"""A whole circuit and its pieces, as the tasks of its study name them."""

from dataclasses import dataclass

__all__ = ["LABELS", "PIECES", "Whole"]

PIECES = ("loader", "transform", "circuit")
"""The pieces, whose files bear these names; the last is the whole, with its measurements."""

LABELS = dict(zip(PIECES, ("loader", "transform", "whole, measured"), strict=True))
"""Pieces in tables, by the name of their files."""


@dataclass(frozen=True)
class Whole:
    """A whole circuit; the seed is that of the data's split."""

    dataset: str
    prime: int
    features: int | None
    points: int
    encoding: str
    loader: str
    dynamic: bool
    activation: str | tuple[float, ...]
    regularization: float
    seed: int
