"""The risk study: what networks of N nodes learn, over ways to pick the nodes and over data sets.

`cases` are the problems and `methods` the ways; `folds` holds samples out, `fits` finds output weights and judges them,
`study` runs it all; `intervals`, `tables`, `findings`, `plots` and `page` make the report; `command` is `tickets risk`.
"""
