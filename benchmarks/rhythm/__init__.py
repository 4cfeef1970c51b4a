"""When feeds should be asked: rules of other programs and ours, replayed on publication times."""
