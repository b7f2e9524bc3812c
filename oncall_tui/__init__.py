"""oncall-tui: the terminal screen for the engineer on call.

The rooms, from the ground up: ``domain`` knows, ``config`` is told, ``sources`` talk, ``journal`` remembers,
``monitor`` sees, ``response`` acts, ``assembly`` joins them, ``ui`` and ``cli`` are the two front ends.
"""

__version__ = "0.1.0"
