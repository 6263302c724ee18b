"""``python -m nps_nlp`` is ``nps-nlp``."""

import sys

from nps_nlp.cli import main

sys.exit(main())
