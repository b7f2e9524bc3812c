"""Typed settings, secret references and the places of files. Nothing is read or made on import."""
