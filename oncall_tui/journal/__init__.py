"""Remember: one append-only record of everything seen, decided, sent and run.

Import what you need from the modules: ``keeper`` for the door that a screen uses, ``store`` for the same without an
event loop, ``event`` for what is written, ``views`` for what can be read out of it. SQLAlchemy is loaded when a
journal is opened, not when this is imported.
"""
