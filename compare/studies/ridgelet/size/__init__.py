"""The study `size`: what tickets take as data grow, in memory and on disk, measured and predicted."""
