"""The tests mirror bot/ file for file; journeys/ walk through the whole."""
