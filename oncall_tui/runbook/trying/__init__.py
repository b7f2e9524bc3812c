"""Runbooks held to what they promise: ``*_test.yml`` beside a file, fixtures in place of commands."""
