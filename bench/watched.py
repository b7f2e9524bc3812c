"""The product with its event loop watched: ``python -m bench.watched oncall.toml stalls.jsonl``."""

import gc
import os
import sys
from functools import partial
from pathlib import Path

from bench.beat import beat_into
from oncall_tui.config.load import load
from oncall_tui.ui.start import build_app


def main(config: str, stalls: str) -> None:
    """Show the screen, as the command does, and write the stalls of its loop to a file."""
    gc.disable()  # As the command does until the first paint.
    app = build_app(load(Path(config)), os.environ)
    watching = partial(beat_into, Path(stalls))
    app.call_later(lambda: app.run_worker(watching(), group="companion", exit_on_error=False))
    app.run()


if __name__ == "__main__":
    main(*sys.argv[1:])
