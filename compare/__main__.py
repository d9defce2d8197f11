"""The command `tickets`, also as ``python -m compare``: an interrupt is one line even while the rest is imported."""

import sys


def main() -> None:
    """Run the command line; see `compare.cli.main`."""
    from compare.streams import lasting_streams

    with lasting_streams():
        try:
            from compare.cli import INTERRUPTED, main
        except KeyboardInterrupt:
            print("tickets: interrupted before anything began.", file=sys.stderr)
            raise SystemExit(130) from None
        try:
            main()
        except KeyboardInterrupt:  # between two steps of its own
            raise SystemExit(INTERRUPTED) from None


if __name__ == "__main__":
    main()
