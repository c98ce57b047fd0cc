"""`python -m tio` is `tio`."""

from tio.commands import main

if __name__ == "__main__":
    main()
