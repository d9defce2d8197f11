"""The risk study: what networks of N nodes learn, over ways to pick the nodes and over data sets.

`cases` are the problems; `study` says what is asked and which tasks that is. `measures` runs them, `folds` holds
samples out, `fits` finds output weights. `rows` and `report` read the records.
"""
