-- +goose Up

-- All times are whole microseconds since 1970, UTC; 0 where there is none.
-- An account is (store, guid). Rows that are of record refuse update and
-- delete by trigger: that guards against mistakes, not against whoever owns
-- the file. The chain over history is what tells of those.

CREATE TABLE enrollments (
  id               TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  store            TEXT NOT NULL,
  guid             TEXT NOT NULL,
  type             TEXT NOT NULL,
  address          TEXT NOT NULL,
  seed             BLOB,
  since            INTEGER NOT NULL,
  by_administrator INTEGER NOT NULL CHECK (by_administrator IN (0, 1)),
  UNIQUE (store, guid, type)
) STRICT;

-- The newest row of a session and type alone is valid.
CREATE TABLE challenges (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE CHECK (id <> ''),
  session      TEXT NOT NULL,
  type         TEXT NOT NULL,
  enrollment   TEXT NOT NULL,
  store        TEXT NOT NULL,
  guid         TEXT NOT NULL,
  target_store TEXT NOT NULL,
  target_guid  TEXT NOT NULL,
  agent_store  TEXT NOT NULL,
  agent_guid   TEXT NOT NULL,
  code_sent    INTEGER NOT NULL CHECK (code_sent IN (0, 1)),
  at           INTEGER NOT NULL,
  expires      INTEGER NOT NULL
) STRICT;
CREATE INDEX challenges_newest ON challenges (session, type, seq);
CREATE INDEX challenges_codes ON challenges (store, guid, at) WHERE code_sent = 1;

-- One row a try, written before anything is compared. result is null until
-- the try is settled, and a try without one counts as wrong.
CREATE TABLE attempts (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  challenge   TEXT NOT NULL REFERENCES challenges (id),
  n           INTEGER NOT NULL CHECK (n BETWEEN 1 AND 5),
  store       TEXT NOT NULL,
  guid        TEXT NOT NULL,
  at          INTEGER NOT NULL,
  stops_after INTEGER NOT NULL,
  result      TEXT CHECK (result IN ('right', 'wrong', 'replayed')),
  settled     INTEGER NOT NULL DEFAULT 0,
  UNIQUE (challenge, n)
) STRICT;
CREATE INDEX attempts_account ON attempts (store, guid, seq);
CREATE INDEX attempts_wrong ON attempts (at) WHERE result IS NULL OR result <> 'right';
CREATE UNIQUE INDEX attempts_one_right ON attempts (challenge) WHERE result = 'right';

CREATE TABLE used_steps (
  enrollment TEXT NOT NULL,
  step       INTEGER NOT NULL,
  at         INTEGER NOT NULL,
  PRIMARY KEY (enrollment, step)
) STRICT;

CREATE TABLE evidence (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE CHECK (id <> ''),
  session      TEXT NOT NULL,
  challenge    TEXT NOT NULL UNIQUE REFERENCES challenges (id),
  enrollment   TEXT NOT NULL,
  type         TEXT NOT NULL,
  target_store TEXT NOT NULL,
  target_guid  TEXT NOT NULL,
  agent_store  TEXT NOT NULL,
  agent_guid   TEXT NOT NULL,
  at           INTEGER NOT NULL,
  expires      INTEGER NOT NULL
) STRICT;
CREATE INDEX evidence_session ON evidence (session, seq);

-- after_attempt: the account's last try when the row was written. What
-- counts again counts from there, whatever the clocks say.
CREATE TABLE lockouts (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  store         TEXT NOT NULL,
  guid          TEXT NOT NULL,
  after_attempt INTEGER NOT NULL,
  at            INTEGER NOT NULL,
  until         INTEGER NOT NULL,
  lifted        INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX lockouts_account ON lockouts (store, guid, after_attempt);

CREATE TABLE clearings (
  id            INTEGER PRIMARY KEY AUTOINCREMENT,
  store         TEXT NOT NULL,
  guid          TEXT NOT NULL,
  after_attempt INTEGER NOT NULL,
  at            INTEGER NOT NULL
) STRICT;
CREATE INDEX clearings_account ON clearings (store, guid, after_attempt);

CREATE TABLE grants (
  id           TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  session      TEXT NOT NULL,
  agent_store  TEXT NOT NULL,
  agent_guid   TEXT NOT NULL,
  target_store TEXT NOT NULL,
  target_guid  TEXT NOT NULL,
  store        TEXT NOT NULL,
  guid         TEXT NOT NULL,
  policy       TEXT NOT NULL,
  skipped      INTEGER NOT NULL CHECK (skipped IN (0, 1)),
  at           INTEGER NOT NULL,
  expires      INTEGER NOT NULL
) STRICT;

CREATE TABLE grant_evidence (
  grant_id    TEXT NOT NULL REFERENCES grants (id),
  place       INTEGER NOT NULL,
  evidence_id TEXT NOT NULL REFERENCES evidence (id),
  PRIMARY KEY (grant_id, place)
) STRICT;

-- result is null while the intent is open, and set once.
CREATE TABLE intents (
  seq       INTEGER PRIMARY KEY AUTOINCREMENT,
  id        TEXT NOT NULL UNIQUE CHECK (id <> ''),
  grant_id  TEXT NOT NULL REFERENCES grants (id),
  store     TEXT NOT NULL,
  guid      TEXT NOT NULL,
  at        INTEGER NOT NULL,
  seen      TEXT NOT NULL,
  agent     TEXT NOT NULL,
  target    TEXT NOT NULL,
  verified  TEXT NOT NULL,
  mode      TEXT NOT NULL,
  client    TEXT NOT NULL,
  workspace TEXT NOT NULL,
  reason    TEXT NOT NULL,
  ticket    TEXT NOT NULL,
  thread    TEXT NOT NULL,
  result    TEXT CHECK (result IN ('applied', 'unlocked_not_provably_by_us', 'not_applied', 'ran_out', 'locked_again', 'unknown')),
  why       TEXT NOT NULL DEFAULT '',
  detail    TEXT NOT NULL DEFAULT '',
  settled   INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX intents_one_open ON intents (store, guid) WHERE result IS NULL;
CREATE UNIQUE INDEX intents_grant_once ON intents (grant_id, store, guid) WHERE result IS NULL OR result <> 'not_applied';
CREATE INDEX intents_account ON intents (store, guid, at);
CREATE INDEX intents_open ON intents (at) WHERE result IS NULL;

-- search is the folded names, derived: it is not part of what the chain proves.
CREATE TABLE history (
  seq          INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE CHECK (id <> ''),
  operation    TEXT NOT NULL,
  session      TEXT NOT NULL,
  at           INTEGER NOT NULL,
  action       TEXT NOT NULL,
  status       TEXT NOT NULL,
  why          TEXT NOT NULL,
  detail       TEXT NOT NULL,
  types        TEXT NOT NULL,
  actor_kind   TEXT NOT NULL,
  actor_store  TEXT NOT NULL,
  actor_guid   TEXT NOT NULL,
  actor_login  TEXT NOT NULL,
  actor_name   TEXT NOT NULL,
  actor_chat   TEXT NOT NULL,
  target_kind  TEXT NOT NULL,
  target_store TEXT NOT NULL,
  target_guid  TEXT NOT NULL,
  target_login TEXT NOT NULL,
  target_name  TEXT NOT NULL,
  target_chat  TEXT NOT NULL,
  store        TEXT NOT NULL,
  client       TEXT NOT NULL,
  helpdesk     INTEGER NOT NULL CHECK (helpdesk IN (0, 1)),
  workspace    TEXT NOT NULL,
  address      TEXT NOT NULL,
  mode         TEXT NOT NULL,
  reason       TEXT NOT NULL,
  ticket       TEXT NOT NULL,
  search       TEXT NOT NULL,
  format       INTEGER NOT NULL,
  prev         BLOB NOT NULL,
  hash         BLOB NOT NULL
) STRICT;
CREATE INDEX history_actor ON history (actor_store, actor_guid, seq);
CREATE INDEX history_target ON history (target_store, target_guid, seq);
CREATE INDEX history_at ON history (at);

-- The end of the chain, kept apart, so that a missing last row is noticed.
CREATE TABLE history_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  INTEGER NOT NULL,
  hash BLOB NOT NULL
) STRICT;
INSERT INTO history_head (one, seq, hash) VALUES (1, 0, zeroblob(32));

CREATE TABLE outbox (
  id        TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  kind      TEXT NOT NULL,
  recipient TEXT NOT NULL,
  record    TEXT NOT NULL,
  tries     INTEGER NOT NULL,
  next      INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_next ON outbox (next);

CREATE TABLE people (
  platform TEXT NOT NULL,
  tenant   TEXT NOT NULL,
  person   TEXT NOT NULL,
  store    TEXT NOT NULL,
  guid     TEXT NOT NULL,
  at       INTEGER NOT NULL,
  made_by  TEXT NOT NULL,
  PRIMARY KEY (platform, tenant, person),
  UNIQUE (platform, store, guid)
) STRICT;

-- +goose StatementBegin
CREATE TRIGGER history_no_update BEFORE UPDATE ON history BEGIN
  SELECT RAISE(ABORT, 'history is append-only');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER history_no_delete BEFORE DELETE ON history BEGIN
  SELECT RAISE(ABORT, 'history is append-only');
END;
-- +goose StatementEnd
-- INSERT OR REPLACE would delete a row without the trigger above.
-- +goose StatementBegin
CREATE TRIGGER history_in_order BEFORE INSERT ON history
WHEN NEW.seq <> (SELECT seq + 1 FROM history_head) OR EXISTS (SELECT 1 FROM history WHERE id = NEW.id) BEGIN
  SELECT RAISE(ABORT, 'history is appended to in order');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER history_head_forward BEFORE UPDATE ON history_head
WHEN NEW.seq <> OLD.seq + 1 OR NEW.hash IS NOT (SELECT hash FROM history WHERE seq = NEW.seq) BEGIN
  SELECT RAISE(ABORT, 'the head of history follows its last row');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER history_head_stays BEFORE DELETE ON history_head BEGIN
  SELECT RAISE(ABORT, 'the head of history stays');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER history_head_once BEFORE INSERT ON history_head WHEN EXISTS (SELECT 1 FROM history_head) BEGIN
  SELECT RAISE(ABORT, 'history has one head');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER used_steps_upwards BEFORE INSERT ON used_steps
WHEN EXISTS (SELECT 1 FROM used_steps WHERE enrollment = NEW.enrollment AND step >= NEW.step) BEGIN
  SELECT RAISE(ABORT, 'steps are used upwards');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER used_steps_stay BEFORE DELETE ON used_steps BEGIN
  SELECT RAISE(ABORT, 'a used step stays used');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER used_steps_fixed BEFORE UPDATE ON used_steps BEGIN
  SELECT RAISE(ABORT, 'a used step stays used');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER attempts_settled_once BEFORE UPDATE ON attempts
WHEN OLD.result IS NOT NULL OR NEW.result IS NULL OR NEW.seq <> OLD.seq OR NEW.challenge <> OLD.challenge
  OR NEW.n <> OLD.n OR NEW.store <> OLD.store OR NEW.guid <> OLD.guid OR NEW.at <> OLD.at BEGIN
  SELECT RAISE(ABORT, 'a try is settled once');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts BEGIN
  SELECT RAISE(ABORT, 'a try stays on record');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER intents_settled_once BEFORE UPDATE ON intents
WHEN OLD.result IS NOT NULL OR NEW.result IS NULL OR NEW.seq <> OLD.seq OR NEW.id <> OLD.id
  OR NEW.grant_id <> OLD.grant_id OR NEW.store <> OLD.store OR NEW.guid <> OLD.guid OR NEW.at <> OLD.at BEGIN
  SELECT RAISE(ABORT, 'an intent has one outcome');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER intents_stay BEFORE DELETE ON intents BEGIN
  SELECT RAISE(ABORT, 'an intent stays on record');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER evidence_fixed BEFORE UPDATE ON evidence BEGIN
  SELECT RAISE(ABORT, 'evidence is never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER grants_fixed BEFORE UPDATE ON grants BEGIN
  SELECT RAISE(ABORT, 'a grant is never changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER challenges_fixed BEFORE UPDATE ON challenges BEGIN
  SELECT RAISE(ABORT, 'a challenge is never changed');
END;
-- +goose StatementEnd
