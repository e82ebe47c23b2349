"""The limits of the envelope, one small function each: from what is known to what is allowed."""
