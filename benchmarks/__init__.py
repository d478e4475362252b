"""What is promised about speed, each measured against a baseline in the same run; no part of the tests."""
