"""What is typed into the pages of plans, and what it says."""
