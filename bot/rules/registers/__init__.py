"""Registers: a file of projects as PMOs keep them, read cell by cell; what cannot be read is named, never lost."""
