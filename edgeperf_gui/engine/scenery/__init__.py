"""What the drawn scenes look like: grounds, vehicles, weather. Where everything is comes from `analysis.scenes`."""
