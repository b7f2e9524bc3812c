"""Actions of the configuration: a command of the user's on an alert, run as a runbook of one step."""
