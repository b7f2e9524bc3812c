"""Runbooks that are written for an engineer to fill in."""
