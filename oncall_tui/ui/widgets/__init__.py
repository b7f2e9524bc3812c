"""What screens are made of. A widget is handed domain values and draws them; it never asks a source."""
