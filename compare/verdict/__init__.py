"""The verdict: what papers claim, each held against both sides as they were built, a row a claim on one page.

`gather` runs what has no record yet and opens every study's door, `words` says what a row comes to, `picture` and
`tables` show it, and `page` puts it together. Studies know nothing of it but `compare.claims`.
"""

from compare.verdict.gather import Row, gather, read_row
from compare.verdict.page import verdict_report, write_verdict
from compare.verdict.words import outcome, sentence

__all__ = ["Row", "gather", "outcome", "read_row", "sentence", "verdict_report", "write_verdict"]
