"""``oncall-tui doctor``: what would keep the screen from working, and what to do about each.

Each room looks at one thing and gives findings: ``configuration``, ``secrets``, ``sources`` (with ``certificate`` and
``budget``), ``picture`` (alerts, checks, services), ``runbooks`` (with ``runbook_needs``), ``journal``, ``terminal``.
``examination`` goes through all of them, ``report`` puts what they found into words.
"""
