"""The web edge, part by part; what it is as a whole is in tests/test_web.py."""
