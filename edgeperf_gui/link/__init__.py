"""The boundary between the window's process and the engine's."""
