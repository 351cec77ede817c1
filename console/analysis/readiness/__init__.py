"""Whether a conference will work, what a failure would do, and what to do about it. Pure."""

from console.analysis.readiness.consequences import impact as impact
from console.analysis.readiness.failures import Cancelled as Cancelled
from console.analysis.readiness.verdicts import assess as assess
