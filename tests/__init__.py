"""The tests, laid out like the code; `banc/` is the bench they run on."""
