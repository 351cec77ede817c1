"""Reads calendars of conferences: iCalendar files and CalDAV servers. Knows no history."""
