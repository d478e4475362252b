"""PMO Bot: a project management office that lives in Slack."""
