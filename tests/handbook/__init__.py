"""The handbook's pictures, taken from the demo county."""
