"""The runbooks of several folders: what is there, kept in an index, and which one fits an alert."""
