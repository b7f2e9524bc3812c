"""What can be said of a shell script from its syntax alone: its commands, the variables it names and sets."""
