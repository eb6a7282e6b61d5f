"""Who must be told: alerts, e-mail, chat services and signed webhooks, each at most once."""
