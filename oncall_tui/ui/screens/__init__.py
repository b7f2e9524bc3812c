"""The views and the dialogs, each beside its style sheet."""
