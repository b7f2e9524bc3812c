"""Domain to ``Content``: pure functions that draw values as text with styles.

Foreign text only ever becomes the text of a ``Content``; styles are literals that name variables of the theme.
"""
