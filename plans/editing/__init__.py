"""A draft plan and its rows are made and changed here, by supervisors of its own government, until it is published."""
