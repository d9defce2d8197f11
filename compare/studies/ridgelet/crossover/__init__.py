"""The crossover study: classical against quantum seconds a sample, and under which assumptions who wins.

`study` runs it and `counting` counts circuits, which `compare.machines` turns into seconds; `tables`, `findings`,
`plots` and `page` make its report; `command` is `tickets crossover`.
"""
