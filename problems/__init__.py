"""The questions: prime fields, activations, data sets, problems, nodes and networks.

Nothing here knows how a problem is solved; `classical`, `quantum` and `compare` all build on it.
"""
