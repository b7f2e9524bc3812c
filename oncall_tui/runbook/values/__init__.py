"""Values of parameters: what a name may be, what a value may be, and where it comes from."""
