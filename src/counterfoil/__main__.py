"""`python -m counterfoil`: the same as the `counterfoil` command."""

from counterfoil.config.cli import main

main()
