-- How many steps have been taken: where the number grows, a daemon is at work.
SELECT s.steps
FROM rollup_state s
