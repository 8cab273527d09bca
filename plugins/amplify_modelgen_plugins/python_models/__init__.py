"""The parts of the emitter `python`: names, types, layout, and the text that all modules share."""
