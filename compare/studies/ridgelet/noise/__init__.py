"""The noise study: one problem's circuit without noise, on a noisy device, with errors suppressed and mitigated.

`study` says what its tasks are and `measures` runs them: `arms` has the circuits ready, `readings` is what shots say.
`report` reads the records, and `findings` are its sentences.
"""
