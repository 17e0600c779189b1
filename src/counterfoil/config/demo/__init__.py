"""A lively, believable platform to look at and develop against."""
