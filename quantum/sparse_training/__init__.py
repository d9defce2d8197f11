"""Sparse training as one linear system (Liu et al., arXiv:2303.03428), solved by circuits and read by shots."""

from quantum.sparse_training.carleman_encoding import CarlemanEncoding
from quantum.sparse_training.signed_entries import SignedEntries, SignedEstimate
from quantum.sparse_training.slot_layout import SlotLayout

__all__ = ["CarlemanEncoding", "SignedEntries", "SignedEstimate", "SlotLayout"]
