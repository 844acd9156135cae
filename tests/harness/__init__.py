"""What every test checks besides its own assertions; tests/harness/test_*.py show that it does."""
