"""`counterfoil doctor`: is this installation set up so that it can be trusted and reached?"""
