-- The same software's other account: rows of every kind, of the same users' ids, chats and days as the tests speak of. A
-- number that counts one of these is a number of somebody else's.
INSERT INTO desk.users (id, account, display_name, kind, active)
SELECT -n, 2, 'stranger ' || n, 'operator', true FROM generate_series(1, 5) n;

INSERT INTO desk.team_users (account, team_id, user_id, leads)
SELECT 2, -1, -n, n = 1 FROM generate_series(1, 5) n;

INSERT INTO desk.presence (account, user_id, presence, since)
SELECT 2, -n, 'available', '2026-03-10 08:00+00' FROM generate_series(1, 5) n;

INSERT INTO desk.people (id, account, name, phone, added, lead_on, won_by)
SELECT -n, 2, 'somebody', '+4915', '2026-03-10 08:00', '2026-03-10 09:00+00', -1 FROM generate_series(1, 5) n;

INSERT INTO desk.chats (chat_key, account, person_id, user_id, state, started, closed, first_response_seconds)
SELECT
  'theirs ' || h, 2, -1, -1 - h % 5, CASE WHEN h % 2 = 0 THEN 'open' ELSE 'closed' END, '2026-03-01 00:30+00'::timestamptz + h * interval '1 hour',
  CASE WHEN h % 3 = 0 THEN '2026-03-10 14:00'::timestamp END, 7
FROM generate_series(0, 23 * 31) h;

INSERT INTO desk.chat_messages (id, account, chat_key, way, author, state, written, seen, error)
SELECT
  -(10 * h + n), 2, 'theirs ' || h, CASE WHEN n = 1 THEN 'in' ELSE 'out' END, CASE WHEN n = 1 THEN 'client' ELSE 'operator' END,
  CASE WHEN n = 2 THEN 'error' ELSE 'delivered' END, '2026-03-01 00:30'::timestamp + h * interval '1 hour' + n * interval '1 min',
  NULL, CASE WHEN n = 2 THEN '2026-03-01 00:40+00'::timestamptz + h * interval '1 hour' END
FROM generate_series(0, 23 * 31) h, generate_series(1, 3) n;

INSERT INTO desk.cases (id, account, user_id, urgency, opened)
SELECT -h, 2, -1, 1 + h % 4, '2026-03-01 00:30'::timestamp + h * interval '6 hours' FROM generate_series(0, 120) h;

INSERT INTO desk.broadcasts (id, account, title, created) VALUES (-1, 2, 'theirs', '2026-03-10 08:00+00');

INSERT INTO desk.broadcast_targets (account, broadcast_id, person_id, message_id, state, sent)
SELECT 2, -1, -n, -n, 'delivered', '2026-03-10 08:00' FROM generate_series(1, 5) n;

INSERT INTO desk.intents (account, chat_key, label, outcome, noticed)
SELECT 2, 'theirs ' || n, 'theirs', 'solved', '2026-03-10 08:00+00' FROM generate_series(1, 5) n;

INSERT INTO desk.phones (device, account, number, state, last_sign) VALUES ('theirs', 2, '+4915', 'CONNECTED', '2026-03-10 08:00+00');
