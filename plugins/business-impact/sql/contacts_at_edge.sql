-- What the fact visits does not tell of a window's contacts: see the SDK's contacts.h.
\i contacts_at_edge.sql
