"""The study of the samplers: the nodes that they draw, the networks these make, and what it costs.

`study` runs it; `tables`, `findings`, `plots` and `page` make its report; `command` is `tickets compare`.
"""
