"""How a seller gets in: login links, codes, sessions."""
