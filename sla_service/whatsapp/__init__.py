"""Speak the channel without understanding it: webhooks in, Graph API calls out."""
