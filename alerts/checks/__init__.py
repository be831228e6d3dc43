"""What alerts/check looks at."""
