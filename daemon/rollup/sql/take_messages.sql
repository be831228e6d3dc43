-- Messages that are not noted, for the step that sees them.
\i unseen_messages.sql
