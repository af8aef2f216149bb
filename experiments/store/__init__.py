"""A study on disk: whole files, shards, the lock, where it all comes from."""
