-- +goose Up

-- An agent's order to remind many people to enroll. how: '' while it runs.
-- shown: when its agent was last told how far it is; reported: how it ended.
CREATE TABLE reminder_jobs (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
  agent_store TEXT COLLATE "C" NOT NULL,
  agent_guid  TEXT COLLATE "C" NOT NULL,
  chat        TEXT COLLATE "C" NOT NULL,
  record      TEXT COLLATE "C" NOT NULL, -- of history, with which it began
  types       TEXT COLLATE "C" NOT NULL,
  began       BIGINT NOT NULL,
  ended       BIGINT NOT NULL DEFAULT 0,
  how         TEXT COLLATE "C" NOT NULL DEFAULT '',
  taken       BIGINT NOT NULL DEFAULT 0, -- when a person of it was last taken: the jobs take turns
  card        TEXT COLLATE "C" NOT NULL DEFAULT '',
  shown       BIGINT NOT NULL DEFAULT 0,
  reported    INTEGER NOT NULL DEFAULT 0 CHECK (reported IN (0, 1)),
  CHECK ((ended = 0) = (how = ''))
);
CREATE UNIQUE INDEX reminder_jobs_one_running ON reminder_jobs (agent_store, agent_guid) WHERE ended = 0;
CREATE INDEX reminder_jobs_told ON reminder_jobs (shown) WHERE reported = 0;

-- Who is to be reminded by a job, and what became of it. A person is taken
-- before the mail goes out, and who was taken is never taken again unless the
-- mail server has said that it did not take the mail.
CREATE TABLE reminder_people (
  job   TEXT COLLATE "C" NOT NULL REFERENCES reminder_jobs (id),
  n     BIGINT NOT NULL,
  store TEXT COLLATE "C" NOT NULL,
  guid  TEXT COLLATE "C" NOT NULL,
  state TEXT COLLATE "C" NOT NULL DEFAULT 'waiting',
  tries INTEGER NOT NULL DEFAULT 0,
  at    BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (job, n),
  UNIQUE (job, store, guid)
);
CREATE INDEX reminder_people_waiting ON reminder_people (job, tries, n) WHERE state = 'waiting';
CREATE INDEX reminder_people_taken ON reminder_people (at) WHERE state = 'taken';
CREATE INDEX reminder_people_lately ON reminder_people (store, guid, at);

-- When the next mail of any job may go, and how often in a row the mail server
-- has asked to wait. One row.
CREATE TABLE reminder_pace (
  id    SMALLINT NOT NULL PRIMARY KEY CHECK (id = 1),
  next  BIGINT NOT NULL,
  waits INTEGER NOT NULL
);
INSERT INTO reminder_pace (id, next, waits) VALUES (1, 0, 0);
