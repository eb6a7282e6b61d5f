"""The world outside the desk, for trying it out: Meta's Graph API with a phone, and a demo shop."""
