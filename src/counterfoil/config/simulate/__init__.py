"""A random marketplace that can be lived through again: `counterfoil simulate`.

    plan.py       what happens, drawn from a seed alone: a list of steps
    moves/        what can be drawn, a module per kind of thing
    steps.py      a step: a request, or something that is no request
    life.py       a plan lived through, and what broke
    world.py      the platforms, their answers and the time of a life
    client.py     requests through the API's edge, in this process
    faults.py     crashes between commit and answer, requests sent twice
    bookkeeper.py what must hold after each step, for the accounts it touched
    banks_book.py what the simulated bank was told
    ending.py     what was begun comes to an end
    shorten.py    fewer steps that break the same thing
    throwaway.py  the database that all of it happens in

A plan depends on its seed and on nothing that happened, so a history with steps left out is one
too: what a missing step would have made is simply not there, and steps about it are passed over.
"""
