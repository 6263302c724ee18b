"""Personal data in comments: found, masked, and given back to nobody without the key."""
