"""Run: parse runbooks, find the one that fits an alert, bind its values, judge, execute and remember its steps."""
