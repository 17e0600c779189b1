"""The outside money world, each part behind one small promise."""
