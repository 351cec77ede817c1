"""Whether a conference will work, what a failure would do, and what to do about it. Pure."""

from console.analysis.readiness.assess import Cancelled as Cancelled
from console.analysis.readiness.assess import assess as assess
