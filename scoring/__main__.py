"""python -m scoring: rank ideas from a file of votes, without the web product."""

import sys

from scoring.cli import main

sys.exit(main())
