-- +goose Up

-- contact is the sealed address. A row that has one has no address beside it.
ALTER TABLE enrollments ADD COLUMN contact BYTEA;

-- The security questions of an enrollment, in the order in which they were
-- answered. They go with it.
CREATE TABLE answers (
  id         TEXT COLLATE "C" NOT NULL PRIMARY KEY CHECK (id <> ''),
  enrollment TEXT COLLATE "C" NOT NULL REFERENCES enrollments (id) ON DELETE CASCADE,
  place      INTEGER NOT NULL CHECK (place >= 0),
  question   BYTEA NOT NULL CHECK (length(question) > 0),
  hash       BYTEA NOT NULL CHECK (length(hash) > 0),
  UNIQUE (enrollment, place)
);

-- question is the id of the answer that is asked for; '' with every other type.
-- The newest row of a session, type and question alone is valid.
ALTER TABLE challenges ADD COLUMN question TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE evidence ADD COLUMN question TEXT COLLATE "C" NOT NULL DEFAULT '';
DROP INDEX challenges_newest;
CREATE INDEX challenges_newest ON challenges (session, type, question, seq);

-- A freeze is as many rows as the person has accounts. lifted: when somebody
-- ended it before its time.
CREATE TABLE freezes (
  id     TEXT COLLATE "C" NOT NULL CHECK (id <> ''),
  store  TEXT COLLATE "C" NOT NULL,
  guid   TEXT COLLATE "C" NOT NULL,
  at     BIGINT NOT NULL,
  until  BIGINT NOT NULL,
  lifted BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id, store, guid)
);
CREATE INDEX freezes_account ON freezes (store, guid, until);

-- Two accounts of one person, in different stores.
CREATE TABLE links (
  a_store TEXT COLLATE "C" NOT NULL,
  a_guid  TEXT COLLATE "C" NOT NULL,
  b_store TEXT COLLATE "C" NOT NULL,
  b_guid  TEXT COLLATE "C" NOT NULL,
  at      BIGINT NOT NULL,
  PRIMARY KEY (a_store, a_guid, b_store, b_guid),
  CHECK (a_store <> b_store)
);
CREATE INDEX links_b ON links (b_store, b_guid);

-- The role that serves seals anew when keys are changed. Nothing else of an
-- enrollment changes, and what is sealed stays so.
CREATE TRIGGER enrollments_only_resealed BEFORE UPDATE ON enrollments FOR EACH ROW
  WHEN (NEW.id <> OLD.id OR NEW.store <> OLD.store OR NEW.guid <> OLD.guid OR NEW.type <> OLD.type
    OR NEW.since <> OLD.since OR NEW.by_administrator <> OLD.by_administrator
    OR (coalesce(length(NEW.seed), 0) = 0) <> (coalesce(length(OLD.seed), 0) = 0)
    OR (coalesce(length(NEW.contact), 0) = 0 AND (coalesce(length(OLD.contact), 0) > 0 OR NEW.address <> OLD.address))
    OR NEW.address NOT IN (OLD.address, ''))
  EXECUTE FUNCTION latchkey_refuse('only the seal of an enrollment changes');
CREATE TRIGGER answers_only_resealed BEFORE UPDATE ON answers FOR EACH ROW
  WHEN (NEW.id <> OLD.id OR NEW.enrollment <> OLD.enrollment OR NEW.place <> OLD.place OR NEW.hash <> OLD.hash)
  EXECUTE FUNCTION latchkey_refuse('only the seal of a question changes');

CREATE TRIGGER freezes_lifted_once BEFORE UPDATE ON freezes FOR EACH ROW
  WHEN (OLD.lifted <> 0 OR NEW.lifted = 0 OR NEW.id <> OLD.id OR NEW.store <> OLD.store OR NEW.guid <> OLD.guid
    OR NEW.at <> OLD.at OR NEW.until <> OLD.until)
  EXECUTE FUNCTION latchkey_refuse('a freeze is lifted once, and otherwise not changed');
CREATE TRIGGER freezes_stay BEFORE DELETE ON freezes
  FOR EACH ROW EXECUTE FUNCTION latchkey_refuse('a freeze stays on record');
CREATE TRIGGER freezes_not_emptied BEFORE TRUNCATE ON freezes
  FOR EACH STATEMENT EXECUTE FUNCTION latchkey_refuse('a freeze stays on record');
