"""One run of a runbook: what may be started now, what was, and what came of it. Its state is a replay of the journal.

Import what you need from the modules: ``run`` for the door that a screen uses, ``record`` for what is known,
``plan`` for what would run, ``words`` for the events.
"""
