"""Pages of the promises that show no light."""
