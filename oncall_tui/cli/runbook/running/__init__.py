"""A runbook run in a plain terminal: the engine of the screen, with questions and lines."""
