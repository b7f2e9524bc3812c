"""``oncall-tui config init``: from nothing to a configuration of one's own, in the plain terminal.

``command`` has the options, ``flow`` the order of the questions, one module for each vendor what is asked of it.
``questions`` asks (or takes what is proposed), ``looking`` asks the vendors, ``text`` writes the file's words,
``writing`` brings them to the disk and ``storing`` the tokens to where they are kept.
"""
