"""PMO Bot: a project management office that lives in Slack."""

import zoneinfo

# The tzdata package is newer than many systems' zone data, and must win over it before anybody asks for a zone.
zoneinfo.reset_tzpath(to=[])
