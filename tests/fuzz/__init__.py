"""What nobody would send, thousands of times: the bot answers, tells nobody else, and stays behind its wall."""
