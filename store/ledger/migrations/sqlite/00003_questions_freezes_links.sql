-- +goose Up

-- contact is the sealed address. A row that has one has no address beside it.
ALTER TABLE enrollments ADD COLUMN contact BLOB;

-- The security questions of an enrollment, in the order in which they were
-- answered. They go with it.
CREATE TABLE answers (
  id         TEXT NOT NULL PRIMARY KEY CHECK (id <> ''),
  enrollment TEXT NOT NULL REFERENCES enrollments (id) ON DELETE CASCADE,
  place      INTEGER NOT NULL CHECK (place >= 0),
  question   BLOB NOT NULL CHECK (length(question) > 0),
  hash       BLOB NOT NULL CHECK (length(hash) > 0),
  UNIQUE (enrollment, place)
) STRICT;

-- question is the id of the answer that is asked for; '' with every other type.
-- The newest row of a session, type and question alone is valid.
ALTER TABLE challenges ADD COLUMN question TEXT NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN question TEXT NOT NULL DEFAULT '';
DROP INDEX challenges_newest;
CREATE INDEX challenges_newest ON challenges (session, type, question, seq);

-- A freeze is as many rows as the person has accounts. lifted: when somebody
-- ended it before its time.
CREATE TABLE freezes (
  id     TEXT NOT NULL CHECK (id <> ''),
  store  TEXT NOT NULL,
  guid   TEXT NOT NULL,
  at     INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  lifted INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (id, store, guid)
) STRICT;
CREATE INDEX freezes_account ON freezes (store, guid, until);

-- Two accounts of one person, in different stores.
CREATE TABLE links (
  a_store TEXT NOT NULL,
  a_guid  TEXT NOT NULL,
  b_store TEXT NOT NULL,
  b_guid  TEXT NOT NULL,
  at      INTEGER NOT NULL,
  PRIMARY KEY (a_store, a_guid, b_store, b_guid),
  CHECK (a_store <> b_store)
) STRICT;
CREATE INDEX links_b ON links (b_store, b_guid);

-- Whoever changes the keys seals anew. Nothing else of an enrollment changes,
-- and what is sealed stays so.
-- +goose StatementBegin
CREATE TRIGGER enrollments_only_resealed BEFORE UPDATE ON enrollments
WHEN NEW.id <> OLD.id OR NEW.store <> OLD.store OR NEW.guid <> OLD.guid OR NEW.type <> OLD.type
  OR NEW.since <> OLD.since OR NEW.by_administrator <> OLD.by_administrator
  OR (coalesce(length(NEW.seed), 0) = 0) <> (coalesce(length(OLD.seed), 0) = 0)
  OR (coalesce(length(NEW.contact), 0) = 0 AND (coalesce(length(OLD.contact), 0) > 0 OR NEW.address <> OLD.address))
  OR NEW.address NOT IN (OLD.address, '') BEGIN
  SELECT RAISE(ABORT, 'only the seal of an enrollment changes');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER answers_only_resealed BEFORE UPDATE ON answers
WHEN NEW.id <> OLD.id OR NEW.enrollment <> OLD.enrollment OR NEW.place <> OLD.place OR NEW.hash <> OLD.hash BEGIN
  SELECT RAISE(ABORT, 'only the seal of a question changes');
END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE TRIGGER freezes_lifted_once BEFORE UPDATE ON freezes
WHEN OLD.lifted <> 0 OR NEW.lifted = 0 OR NEW.id <> OLD.id OR NEW.store <> OLD.store OR NEW.guid <> OLD.guid
  OR NEW.at <> OLD.at OR NEW.until <> OLD.until BEGIN
  SELECT RAISE(ABORT, 'a freeze is lifted once, and otherwise not changed');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER freezes_stay BEFORE DELETE ON freezes BEGIN
  SELECT RAISE(ABORT, 'a freeze stays on record');
END;
-- +goose StatementEnd
