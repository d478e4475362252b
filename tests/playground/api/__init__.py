"""Tests of the local Web API."""
