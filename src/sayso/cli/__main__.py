"""The command without its script: `python -m sayso.cli`."""

from sayso.cli.main import main

if __name__ == "__main__":
    main()
