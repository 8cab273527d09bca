"""The built-in emitters, and `schema_model`, which those of code share."""
