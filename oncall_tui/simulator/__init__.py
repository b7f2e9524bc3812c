"""A small world that speaks the wire protocols of Prometheus, Alertmanager, PagerDuty and Sentry.

It imports nothing else of this package, so that the clients and it cannot share a misunderstanding. `python -m
oncall_tui.simulator` starts it as a process; `server.running` starts it inside a test.
"""
