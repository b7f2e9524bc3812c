"""Processes that are watched: started apart, heard with bounded memory, and ended for good with all they started."""
