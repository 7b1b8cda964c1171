"""Geometry and traffic of the drawn scenes: where every vehicle is at any moment. Pure arithmetic; `engine.scenery` draws it."""
