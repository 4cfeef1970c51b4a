"""Pictures: pure functions from numbers and words to SVG, and the process that makes PNGs of them; knows no news."""
