-- +goose Up

-- All times are whole microseconds since 1970, UTC; 0 where there is none.
-- An account is (store, guid). Text is compared by its bytes (collation C), as
-- in SQLite: an upgrade of the system's sorting rules breaks no index.
--
-- Rows that are of record refuse update, delete and truncate by trigger, and the
-- role that serves has no right to them: that guards against mistakes, not
-- against whoever owns the tables. The chain over history tells of those.

CREATE TABLE enrollments (
  id               TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
  store            TEXT COLLATE "C" NOT NULL,
  guid             TEXT COLLATE "C" NOT NULL,
  type             TEXT COLLATE "C" NOT NULL,
  address          TEXT COLLATE "C" NOT NULL,
  seed             BYTEA,
  since            BIGINT NOT NULL,
  by_administrator INTEGER NOT NULL CHECK (by_administrator IN (0, 1)),
  UNIQUE (store, guid, type)
);

-- The newest row of a session and type alone is valid.
CREATE TABLE challenges (
  seq          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id           TEXT COLLATE "C" NOT NULL UNIQUE CHECK (id <> ''),
  session      TEXT COLLATE "C" NOT NULL,
  type         TEXT COLLATE "C" NOT NULL,
  enrollment   TEXT COLLATE "C" NOT NULL,
  store        TEXT COLLATE "C" NOT NULL,
  guid         TEXT COLLATE "C" NOT NULL,
  target_store TEXT COLLATE "C" NOT NULL,
  target_guid  TEXT COLLATE "C" NOT NULL,
  agent_store  TEXT COLLATE "C" NOT NULL,
  agent_guid   TEXT COLLATE "C" NOT NULL,
  code_sent    INTEGER NOT NULL CHECK (code_sent IN (0, 1)),
  at           BIGINT NOT NULL,
  expires      BIGINT NOT NULL
);
CREATE INDEX challenges_newest ON challenges (session, type, seq);
CREATE INDEX challenges_codes ON challenges (store, guid, at) WHERE code_sent = 1;

-- One row a try, written before anything is compared. result is null until
-- the try is settled, and a try without one counts as wrong.
CREATE TABLE attempts (
  seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  challenge   TEXT COLLATE "C" NOT NULL REFERENCES challenges (id),
  n           INTEGER NOT NULL CHECK (n BETWEEN 1 AND 5),
  store       TEXT COLLATE "C" NOT NULL,
  guid        TEXT COLLATE "C" NOT NULL,
  at          BIGINT NOT NULL,
  stops_after INTEGER NOT NULL,
  result      TEXT COLLATE "C" CHECK (result IN ('right', 'wrong', 'replayed')),
  settled     BIGINT NOT NULL DEFAULT 0,
  UNIQUE (challenge, n)
);
CREATE INDEX attempts_account ON attempts (store, guid, seq);
CREATE INDEX attempts_wrong ON attempts (at) WHERE result IS NULL OR result <> 'right';
CREATE UNIQUE INDEX attempts_one_right ON attempts (challenge) WHERE result = 'right';

CREATE TABLE used_steps (
  enrollment TEXT COLLATE "C" NOT NULL,
  step       BIGINT NOT NULL,
  at         BIGINT NOT NULL,
  PRIMARY KEY (enrollment, step)
);

CREATE TABLE evidence (
  seq          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id           TEXT COLLATE "C" NOT NULL UNIQUE CHECK (id <> ''),
  session      TEXT COLLATE "C" NOT NULL,
  challenge    TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES challenges (id),
  enrollment   TEXT COLLATE "C" NOT NULL,
  type         TEXT COLLATE "C" NOT NULL,
  target_store TEXT COLLATE "C" NOT NULL,
  target_guid  TEXT COLLATE "C" NOT NULL,
  agent_store  TEXT COLLATE "C" NOT NULL,
  agent_guid   TEXT COLLATE "C" NOT NULL,
  at           BIGINT NOT NULL,
  expires      BIGINT NOT NULL
);
CREATE INDEX evidence_session ON evidence (session, seq);

-- after_attempt: the account's last try when the row was written. What
-- counts again counts from there, whatever the clocks say.
CREATE TABLE lockouts (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  store         TEXT COLLATE "C" NOT NULL,
  guid          TEXT COLLATE "C" NOT NULL,
  after_attempt BIGINT NOT NULL,
  at            BIGINT NOT NULL,
  until         BIGINT NOT NULL,
  lifted        BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX lockouts_account ON lockouts (store, guid, after_attempt);

CREATE TABLE clearings (
  id            BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  store         TEXT COLLATE "C" NOT NULL,
  guid          TEXT COLLATE "C" NOT NULL,
  after_attempt BIGINT NOT NULL,
  at            BIGINT NOT NULL
);
CREATE INDEX clearings_account ON clearings (store, guid, after_attempt);

CREATE TABLE grants (
  id           TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
  session      TEXT COLLATE "C" NOT NULL,
  agent_store  TEXT COLLATE "C" NOT NULL,
  agent_guid   TEXT COLLATE "C" NOT NULL,
  target_store TEXT COLLATE "C" NOT NULL,
  target_guid  TEXT COLLATE "C" NOT NULL,
  store        TEXT COLLATE "C" NOT NULL,
  guid         TEXT COLLATE "C" NOT NULL,
  policy       TEXT COLLATE "C" NOT NULL,
  skipped      INTEGER NOT NULL CHECK (skipped IN (0, 1)),
  at           BIGINT NOT NULL,
  expires      BIGINT NOT NULL
);

CREATE TABLE grant_evidence (
  grant_id    TEXT COLLATE "C" NOT NULL REFERENCES grants (id),
  place       INTEGER NOT NULL,
  evidence_id TEXT COLLATE "C" NOT NULL REFERENCES evidence (id),
  PRIMARY KEY (grant_id, place)
);

-- result is null while the intent is open, and set once.
CREATE TABLE intents (
  seq       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id        TEXT COLLATE "C" NOT NULL UNIQUE CHECK (id <> ''),
  grant_id  TEXT COLLATE "C" NOT NULL REFERENCES grants (id),
  store     TEXT COLLATE "C" NOT NULL,
  guid      TEXT COLLATE "C" NOT NULL,
  at        BIGINT NOT NULL,
  seen      TEXT COLLATE "C" NOT NULL,
  agent     TEXT COLLATE "C" NOT NULL,
  target    TEXT COLLATE "C" NOT NULL,
  verified  TEXT COLLATE "C" NOT NULL,
  mode      TEXT COLLATE "C" NOT NULL,
  client    TEXT COLLATE "C" NOT NULL,
  workspace TEXT COLLATE "C" NOT NULL,
  reason    TEXT COLLATE "C" NOT NULL,
  ticket    TEXT COLLATE "C" NOT NULL,
  thread    TEXT COLLATE "C" NOT NULL,
  result    TEXT COLLATE "C" CHECK (result IN ('applied', 'unlocked_not_provably_by_us', 'not_applied', 'ran_out', 'locked_again', 'unknown')),
  why       TEXT COLLATE "C" NOT NULL DEFAULT '',
  detail    TEXT COLLATE "C" NOT NULL DEFAULT '',
  settled   BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX intents_one_open ON intents (store, guid) WHERE result IS NULL;
CREATE UNIQUE INDEX intents_grant_once ON intents (grant_id, store, guid) WHERE result IS NULL OR result <> 'not_applied';
CREATE INDEX intents_account ON intents (store, guid, at);
CREATE INDEX intents_open ON intents (at) WHERE result IS NULL;

-- search is the folded names, derived: it is not part of what the chain proves.
CREATE TABLE history (
  seq          BIGINT PRIMARY KEY,
  id           TEXT COLLATE "C" NOT NULL UNIQUE CHECK (id <> ''),
  operation    TEXT COLLATE "C" NOT NULL,
  session      TEXT COLLATE "C" NOT NULL,
  at           BIGINT NOT NULL,
  action       TEXT COLLATE "C" NOT NULL,
  status       TEXT COLLATE "C" NOT NULL,
  why          TEXT COLLATE "C" NOT NULL,
  detail       TEXT COLLATE "C" NOT NULL,
  types        TEXT COLLATE "C" NOT NULL,
  actor_kind   TEXT COLLATE "C" NOT NULL,
  actor_store  TEXT COLLATE "C" NOT NULL,
  actor_guid   TEXT COLLATE "C" NOT NULL,
  actor_login  TEXT COLLATE "C" NOT NULL,
  actor_name   TEXT COLLATE "C" NOT NULL,
  actor_chat   TEXT COLLATE "C" NOT NULL,
  target_kind  TEXT COLLATE "C" NOT NULL,
  target_store TEXT COLLATE "C" NOT NULL,
  target_guid  TEXT COLLATE "C" NOT NULL,
  target_login TEXT COLLATE "C" NOT NULL,
  target_name  TEXT COLLATE "C" NOT NULL,
  target_chat  TEXT COLLATE "C" NOT NULL,
  store        TEXT COLLATE "C" NOT NULL,
  client       TEXT COLLATE "C" NOT NULL,
  helpdesk     INTEGER NOT NULL CHECK (helpdesk IN (0, 1)),
  workspace    TEXT COLLATE "C" NOT NULL,
  address      TEXT COLLATE "C" NOT NULL,
  mode         TEXT COLLATE "C" NOT NULL,
  reason       TEXT COLLATE "C" NOT NULL,
  ticket       TEXT COLLATE "C" NOT NULL,
  search       TEXT COLLATE "C" NOT NULL,
  format       INTEGER NOT NULL,
  prev         BYTEA NOT NULL,
  hash         BYTEA NOT NULL
);
CREATE INDEX history_actor ON history (actor_store, actor_guid, seq);
CREATE INDEX history_target ON history (target_store, target_guid, seq);
CREATE INDEX history_at ON history (at);

-- The end of the chain, kept apart, so that a missing last row is noticed. Every
-- transaction that writes locks this row first: it is the queue of the writers.
CREATE TABLE history_head (
  one  INTEGER PRIMARY KEY CHECK (one = 1),
  seq  BIGINT NOT NULL,
  hash BYTEA NOT NULL
) WITH (fillfactor = 10);
INSERT INTO history_head (one, seq, hash) VALUES (1, 0, decode(repeat('00', 32), 'hex'));

CREATE TABLE outbox (
  id        TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
  kind      TEXT COLLATE "C" NOT NULL,
  recipient TEXT COLLATE "C" NOT NULL,
  record    TEXT COLLATE "C" NOT NULL,
  tries     INTEGER NOT NULL,
  next      BIGINT NOT NULL
);
CREATE INDEX outbox_next ON outbox (next);

CREATE TABLE people (
  platform TEXT COLLATE "C" NOT NULL,
  tenant   TEXT COLLATE "C" NOT NULL,
  person   TEXT COLLATE "C" NOT NULL,
  store    TEXT COLLATE "C" NOT NULL,
  guid     TEXT COLLATE "C" NOT NULL,
  at       BIGINT NOT NULL,
  made_by  TEXT COLLATE "C" NOT NULL,
  PRIMARY KEY (platform, tenant, person),
  UNIQUE (platform, store, guid)
);

-- The functions below keep this search path: without the last name temporary
-- tables would be found first, and whoever serves could show the triggers a
-- history of his own.
SELECT set_config('search_path', quote_ident(current_schema()) || ', pg_temp', true);

-- +goose StatementBegin
CREATE FUNCTION latchkey_refuse() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  RAISE EXCEPTION '%: %', TG_TABLE_NAME, TG_ARGV[0] USING ERRCODE = 'restrict_violation';
END $$;
-- +goose StatementEnd

CREATE TRIGGER history_stays BEFORE UPDATE OR DELETE ON history
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('it is append-only');
CREATE TRIGGER history_not_emptied BEFORE TRUNCATE ON history
  FOR EACH STATEMENT EXECUTE FUNCTION latchkey_refuse('it is append-only');

-- +goose StatementBegin
CREATE FUNCTION latchkey_history_in_order() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.seq IS DISTINCT FROM (SELECT 1 + greatest(h.seq, (SELECT max(seq) FROM history)) FROM history_head h) THEN
    RAISE EXCEPTION 'history is appended to in order' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER history_in_order BEFORE INSERT ON history
  FOR EACH ROW EXECUTE FUNCTION latchkey_history_in_order();

-- +goose StatementBegin
CREATE FUNCTION latchkey_head_forward() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF NEW.one <> OLD.one OR NEW.seq <= OLD.seq OR EXISTS (SELECT 1 FROM history WHERE seq > NEW.seq)
     OR NEW.hash IS DISTINCT FROM (SELECT hash FROM history WHERE seq = NEW.seq) THEN
    RAISE EXCEPTION 'the head of history follows its last row' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER history_head_forward BEFORE UPDATE ON history_head
  FOR EACH ROW EXECUTE FUNCTION latchkey_head_forward();
CREATE TRIGGER history_head_stays BEFORE DELETE ON history_head
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('the head of history stays');
CREATE TRIGGER history_head_not_emptied BEFORE TRUNCATE ON history_head
  FOR EACH STATEMENT EXECUTE FUNCTION latchkey_refuse('the head of history stays');

-- +goose StatementBegin
CREATE FUNCTION latchkey_steps_upwards() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM used_steps WHERE enrollment = NEW.enrollment AND step >= NEW.step) THEN
    RAISE EXCEPTION 'steps are used upwards' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER used_steps_upwards BEFORE INSERT ON used_steps
  FOR EACH ROW EXECUTE FUNCTION latchkey_steps_upwards();
CREATE TRIGGER used_steps_stay BEFORE UPDATE OR DELETE ON used_steps
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('a used step stays used');
CREATE TRIGGER used_steps_not_emptied BEFORE TRUNCATE ON used_steps
  FOR EACH STATEMENT EXECUTE FUNCTION latchkey_refuse('a used step stays used');

CREATE TRIGGER attempts_settled_once BEFORE UPDATE ON attempts FOR EACH ROW
  WHEN (OLD.result IS NOT NULL OR NEW.result IS NULL OR NEW.seq <> OLD.seq OR NEW.challenge <> OLD.challenge
    OR NEW.n <> OLD.n OR NEW.store <> OLD.store OR NEW.guid <> OLD.guid OR NEW.at <> OLD.at)
  EXECUTE FUNCTION latchkey_refuse('a try is settled once');
CREATE TRIGGER attempts_stay BEFORE DELETE ON attempts
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('a try stays on record');
CREATE TRIGGER attempts_not_emptied BEFORE TRUNCATE ON attempts
  FOR EACH STATEMENT EXECUTE FUNCTION latchkey_refuse('a try stays on record');

CREATE TRIGGER intents_settled_once BEFORE UPDATE ON intents FOR EACH ROW
  WHEN (OLD.result IS NOT NULL OR NEW.result IS NULL OR NEW.seq <> OLD.seq OR NEW.id <> OLD.id
    OR NEW.grant_id <> OLD.grant_id OR NEW.store <> OLD.store OR NEW.guid <> OLD.guid OR NEW.at <> OLD.at)
  EXECUTE FUNCTION latchkey_refuse('an intent has one outcome');
CREATE TRIGGER intents_stay BEFORE DELETE ON intents
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('an intent stays on record');
CREATE TRIGGER intents_not_emptied BEFORE TRUNCATE ON intents
  FOR EACH STATEMENT EXECUTE FUNCTION latchkey_refuse('an intent stays on record');

CREATE TRIGGER evidence_fixed BEFORE UPDATE ON evidence
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('evidence is never changed');
CREATE TRIGGER grants_fixed BEFORE UPDATE ON grants
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('a grant is never changed');
CREATE TRIGGER challenges_fixed BEFORE UPDATE ON challenges
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('a challenge is never changed');
