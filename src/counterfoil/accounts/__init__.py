"""Connected accounts: who they are, what they may do, where their money goes."""
