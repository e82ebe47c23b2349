"""The controller of a motorised band and its safety envelope: pure, and always the last word.

A band pulls only while a grip is held closed, never with more than its cap, and whatever is not
known makes it pay out at a steady rate: it is never dropped, and never the only support.
"""
