"""``oncall-tui runbook``: every verb on runbooks, over the same catalogue as the screen."""
