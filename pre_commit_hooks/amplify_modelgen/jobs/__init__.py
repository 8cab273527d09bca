"""Run the jobs of remote backends, for many targets at once."""
