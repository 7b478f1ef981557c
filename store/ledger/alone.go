package ledger

import (
	"errors"
	"os"
	"syscall"

	"latchkey/bot"
)

// serveAlone holds a lock on an empty file beside the database, which ends with
// the process. Two that serve one SQLite file would be two replicas, each with
// its own announcer and reconciler; commands beside one that serves are fine.
func (l *Ledger) serveAlone(file string) error {
	beside := file + "-serve"
	if err := createPrivately(beside); err != nil {
		return err
	}
	f, err := os.OpenFile(beside, os.O_RDWR, 0)
	if err != nil {
		return unopened(err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		l.alone = f
		return nil
	}
	_ = f.Close() // it holds nothing
	if !errors.Is(err, syscall.EWOULDBLOCK) {
		return fail("hold the database for serving", err)
	}
	return bot.Ef(bot.Conflict, "hold the database for serving",
		"Another latchkey serves this database already, and a file takes one. Stop the other, or give this one its own database.")
}

// giveToFolder gives a file that root made to whom the folder belongs, since
// the bot that runs as that user has to write it.
func giveToFolder(f *os.File, folder string) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(folder)
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid == 0 {
		return nil
	}
	return f.Chown(int(owner.Uid), int(owner.Gid))
}
