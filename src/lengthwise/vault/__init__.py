"""Keys and encrypted files of a profile: below `sensing` and `record`, on the contracts alone."""
