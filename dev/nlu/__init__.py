"""`bin/nlu`: the loop in which a designer teaches the bot and sees what came of it."""
