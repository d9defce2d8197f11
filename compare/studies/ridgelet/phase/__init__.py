"""The phase diagram: where drawing nodes from p* beats drawing them uniformly, and why nowhere else.

`study` says what is asked, `targets` makes the problems, `bounds` proves what limits p*, `measures` holds p* and its
networks against uniform ones; `rows` sums the records up, and `report` and its `diagram` show them.
"""
