"""``python -m oncall_tui``: the same as the ``oncall-tui`` command."""

from oncall_tui.cli.main import main

if __name__ == "__main__":
    main()
