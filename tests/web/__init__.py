"""Tests of the web room, through the test client and through a real browser."""
