"""Why each number is what it is: what happened, by which rule, who decided, in a seller's words.

Nothing here is stored. A reason is derived from the objects that a balance transaction came from,
so that it is right for every row there ever was.
"""
