"""How values get into steps without becoming code: one rule for each kind."""
