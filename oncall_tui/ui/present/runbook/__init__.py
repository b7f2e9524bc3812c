"""How a runbook and its run are drawn: pure functions from what is known to ``Content``, for any width."""
