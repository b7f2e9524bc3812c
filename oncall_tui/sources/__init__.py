"""Talk: one client per vendor. Raw answers become domain records here, and foreign text is cleaned here.

Import what you need from the modules: ``base`` for the protocol and the errors, ``registry`` for the clients, which
are imported on use so that the first paint does not wait for a vendor's library.
"""
