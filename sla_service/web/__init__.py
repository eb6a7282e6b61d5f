"""What any route may ask for: who is calling, a session, and refusals as problem documents."""
