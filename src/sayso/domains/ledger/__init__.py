"""The books as they are kept: transfers, balances, lots and seals."""
