"""The command line: the same rooms as the screen, without the screen. Importing it starts nothing."""
