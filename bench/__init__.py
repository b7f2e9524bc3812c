"""Measures the product against plain references, and makes the pictures of its documents.

Speed is measured as users feel it, side by side in one run, and told as ratios: machines are noisy, neighbours equal.
``python -m bench`` writes a Markdown table to stdout; ``docs/performance.md`` holds the figures and how they were made.
"""
