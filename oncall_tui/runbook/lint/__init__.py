"""What is wrong or doubtful in runbooks that load: the rules that a reader of one file cannot see, and those that go by
what its steps do.
"""
