"""Markdown to a ``Runbook``: CommonMark blocks, front matter, attributes, and the rules of both modes."""
