-- +goose Up

-- An agent's order to remind many people to enroll. how: '' while it runs.
-- shown: when its agent was last told how far it is; reported: how it ended.
CREATE TABLE reminder_jobs (
  id          TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  agent_store TEXT NOT NULL,
  agent_guid  TEXT NOT NULL,
  chat        TEXT NOT NULL,
  record      TEXT NOT NULL, -- of history, with which it began
  types       TEXT NOT NULL,
  began       INTEGER NOT NULL,
  ended       INTEGER NOT NULL DEFAULT 0,
  how         TEXT NOT NULL DEFAULT '',
  taken       INTEGER NOT NULL DEFAULT 0, -- when a person of it was last taken: the jobs take turns
  card        TEXT NOT NULL DEFAULT '',
  shown       INTEGER NOT NULL DEFAULT 0,
  reported    INTEGER NOT NULL DEFAULT 0 CHECK (reported IN (0, 1)),
  CHECK ((ended = 0) = (how = ''))
) STRICT;
CREATE UNIQUE INDEX reminder_jobs_one_running ON reminder_jobs (agent_store, agent_guid) WHERE ended = 0;
CREATE INDEX reminder_jobs_told ON reminder_jobs (shown) WHERE reported = 0;

-- Who is to be reminded by a job, and what became of it. A person is taken
-- before the mail goes out, and who was taken is never taken again unless the
-- mail server has said that it did not take the mail.
CREATE TABLE reminder_people (
  job   TEXT NOT NULL REFERENCES reminder_jobs (id),
  n     INTEGER NOT NULL,
  store TEXT NOT NULL,
  guid  TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  tries INTEGER NOT NULL DEFAULT 0,
  at    INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (job, n),
  UNIQUE (job, store, guid)
) STRICT;
CREATE INDEX reminder_people_waiting ON reminder_people (job, tries, n) WHERE state = 'waiting';
CREATE INDEX reminder_people_taken ON reminder_people (at) WHERE state = 'taken';
CREATE INDEX reminder_people_lately ON reminder_people (store, guid, at);

-- When the next mail of any job may go, and how often in a row the mail server
-- has asked to wait. One row.
CREATE TABLE reminder_pace (
  id    INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
  next  INTEGER NOT NULL,
  waits INTEGER NOT NULL
) STRICT;
INSERT INTO reminder_pace (id, next, waits) VALUES (1, 0, 0);
