"""Tests of the playground's page."""
