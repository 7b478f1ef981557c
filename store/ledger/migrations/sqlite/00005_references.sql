-- +goose Up

-- How a person is reached in a chat whose direct messages have no address of
-- their own.
CREATE TABLE chat_references (
  platform     TEXT NOT NULL,
  tenant       TEXT NOT NULL,
  person       TEXT NOT NULL,
  service      TEXT NOT NULL,
  conversation TEXT NOT NULL,
  key          TEXT NOT NULL,
  at           INTEGER NOT NULL,
  PRIMARY KEY (platform, tenant, person)
) STRICT;
