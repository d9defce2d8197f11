"""Sweeps: a grid of tasks that run one by one, on this machine or a cluster, and are each run once.

An experiment says what a task is: its settings, what is measured and how it is reported. A new one is one package with
`task.py` and `page.py`, and one line in `compare.sweeps.experiments`.
"""
