-- +goose Up

-- The head of history is moved once a transaction, to the last row, however
-- many rows the transaction adds. Each row still follows the one before it.

DROP TRIGGER history_in_order;
DROP TRIGGER history_head_forward;

-- INSERT OR REPLACE would delete a row without the trigger history_no_delete.
-- +goose StatementBegin
CREATE TRIGGER history_in_order BEFORE INSERT ON history
WHEN NEW.seq <> (SELECT 1 + max(h.seq, coalesce((SELECT max(seq) FROM history), 0)) FROM history_head h)
  OR EXISTS (SELECT 1 FROM history WHERE id = NEW.id) BEGIN
  SELECT RAISE(ABORT, 'history is appended to in order');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER history_head_forward BEFORE UPDATE ON history_head
WHEN NEW.seq <= OLD.seq OR EXISTS (SELECT 1 FROM history WHERE seq > NEW.seq)
  OR NEW.hash IS NOT (SELECT hash FROM history WHERE seq = NEW.seq) BEGIN
  SELECT RAISE(ABORT, 'the head of history follows its last row');
END;
-- +goose StatementEnd
