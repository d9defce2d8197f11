"""The phase diagram: where drawing nodes from p* beats drawing them uniformly, and why nowhere else.

`targets` makes the problems, `bounds` proves what limits p*, `measures` holds p* and its networks against uniform ones;
`study` runs it, `tables`, `findings`, `plots` and `page` make its report; `command` is `tickets phase`.
"""
