"""The noise study: one problem's circuit without noise, on a noisy device, with errors suppressed and mitigated.

`study` runs it, `arms` makes its circuits ready and `measures` reads their shots; `tables`, `findings`, `plots` and
`page` make its report; `command` is `tickets noise`.
"""
