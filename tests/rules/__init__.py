"""Tests of the pure rules, file for file."""
