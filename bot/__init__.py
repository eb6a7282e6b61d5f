"""What the Rasa server loads: how the bot hears, understands, remembers and answers."""
