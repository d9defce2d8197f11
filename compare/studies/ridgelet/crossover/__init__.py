"""The crossover study: classical against quantum seconds a sample, and under which assumptions who wins.

`study` runs it, `counting` counts circuits and `machines` turns counts into seconds by stated assumptions; `curves`
continues them past what was measured and `crossing` finds where one wins; `tables`, `findings`, `plots` and `page` make
its report; `command` is `tickets crossover`.
"""
