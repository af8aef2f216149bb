"""What `whistle bench` measures, one thing a file."""
