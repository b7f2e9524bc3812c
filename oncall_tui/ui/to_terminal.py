"""The one way past the drawing: a few bytes straight to the terminal, through Textual's driver and its writer thread.

Written elsewhere they could land in the middle of a frame. Nothing is written headless or to a browser, whose other end
is no terminal, nor while the app is suspended: its writer has ended then, and what is queued for it is never read.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.driver import Driver


def send(app: "App[Any]", data: str) -> bool:
    """Write control sequences of our own making; False when there is no terminal to take them now."""
    driver = _driver(app)
    if driver is None:
        return False
    driver.write(data)
    driver.flush()
    return True


def ring(app: "App[Any]") -> None:
    """The terminal's bell."""
    if is_suspended(app) or app.is_web:
        return
    app.bell()


def for_tmux(data: str) -> str:
    """Sequences wrapped for tmux to hand on to its terminal: every escape doubled (tmux(1), allow-passthrough)."""
    return "\x1bPtmux;" + data.replace("\x1b", "\x1b\x1b") + "\x1b\\"


def _driver(app: "App[Any]") -> "Driver | None":
    if app.is_headless or app.is_web or is_suspended(app):
        return None
    return app._driver


def is_suspended(app: "App[Any]") -> bool:
    """Whether the driver's writer thread has ended. Textual has no word for it that holds from first to last."""
    writer = getattr(app._driver, "_writer_thread", None)
    return writer is not None and not writer.is_alive()
