"""What an on-call engineer knows: alerts, services, deployments and how they hang together.

Frozen dataclasses and pure functions on the standard library: no input or output, no clock, no asyncio. Whoever needs
the time hands it in.
"""
