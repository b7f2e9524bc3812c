"""Act: what the engineer does about an alert, so that none of it is lost and none of it happens unrecorded.

Import what you need from the modules: ``responder`` for the verbs, ``outbox`` for what a crash left open, ``local``
for the acknowledgements that no pager knows of.
"""
