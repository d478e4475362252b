"""Tests of the Block Kit judge."""
