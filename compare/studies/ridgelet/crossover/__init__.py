"""The crossover study: classical against quantum seconds a sample, and under which assumptions who wins.

`study` says what is asked for, `measures` times samplers and counts circuits, `estimated` and `estimating` hand them to
an estimator; `sides` makes lines and crossings of the records. `winners`, `sentences`, `pictures`, `assumed` and
`grown` are parts of the `report`, and `claim` is the row of the verdict, with what nodes are worth from `quality` and
`worth`.
"""
