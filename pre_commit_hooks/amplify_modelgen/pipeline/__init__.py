"""The stages of a run: validate, generate models, emit, plan, write, report."""
