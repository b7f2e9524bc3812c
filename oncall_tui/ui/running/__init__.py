"""Runs of runbooks that this screen holds: opened for an alert, driven by keys, going on while nobody looks."""
