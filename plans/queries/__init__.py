"""What the pages of the promises read: plain rows in a fixed number of statements."""
