"""What plain markdown hides: prompts, output between commands, placeholders, language tags that are wrong."""
