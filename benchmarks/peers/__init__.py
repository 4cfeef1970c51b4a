"""What this program costs beside others that read feeds: CPU time and memory over a loopback farm."""
