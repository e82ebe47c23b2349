"""The controller of a motorised band and its safety envelope: pure, and always the last word."""
