"""Names that the study of sizes takes, known before it is imported."""

__all__ = ["IMAGES"]

IMAGES = {"mnist-8-9": "28x28 images, 8 or 9", "digits": "8x8 images, even or odd"}
"""Data sets of images whose copies tickets are fitted on."""
