-- +goose Up

-- How a person is reached in a chat whose direct messages have no address of
-- their own.
CREATE TABLE chat_references (
  platform     TEXT COLLATE "C" NOT NULL,
  tenant       TEXT COLLATE "C" NOT NULL,
  person       TEXT COLLATE "C" NOT NULL,
  service      TEXT COLLATE "C" NOT NULL,
  conversation TEXT COLLATE "C" NOT NULL,
  key          TEXT COLLATE "C" NOT NULL,
  at           BIGINT NOT NULL,
  PRIMARY KEY (platform, tenant, person)
);
