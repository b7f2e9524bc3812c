"""Measures the product against plain references, and makes the pictures of its documents."""
