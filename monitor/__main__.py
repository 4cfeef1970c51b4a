"""`python -m monitor`, where the command is not on the path."""

from monitor.cli.main import main

if __name__ == "__main__":
    main()
