package vault

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"

	"latchkey/bot"
)

// replace writes f beside path and renames it into place: after a crash there
// is the old file or the new one, and never half of one.
func replace(path string, old os.FileInfo, f keyFile) error {
	file, err := os.CreateTemp(filepath.Dir(path), ".latchkey-keys-*") // 0600
	if err != nil {
		return making(bot.Denied, err, "no file can be made beside %s: run this as the user who owns the folder", path)
	}
	// root may rotate, but the bot still has to read it.
	if owner, ok := old.Sys().(*syscall.Stat_t); ok {
		err = file.Chown(int(owner.Uid), int(owner.Gid))
	}
	if err != nil {
		err = errors.Join(making(bot.Denied, err, "the new key file cannot be given to the owner of the old one: run this as that user, or as root"), file.Close())
	} else {
		err = writeAll(file, f)
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	return syncFolder(path)
}

// giveToFolder gives a new file that root made to whom its folder belongs: the
// bot that runs as that user has to read it.
func giveToFolder(file *os.File) error {
	if os.Geteuid() != 0 {
		return nil
	}
	info, err := os.Stat(filepath.Dir(file.Name()))
	if err != nil {
		return err
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || owner.Uid == 0 {
		return nil
	}
	return file.Chown(int(owner.Uid), int(owner.Gid))
}

// whose says to whom a file belongs and who asks for it; "" where that is one
// user, or not to be known.
func whose(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return ""
	}
	owner, ok := info.Sys().(*syscall.Stat_t)
	if !ok || int(owner.Uid) == os.Geteuid() {
		return ""
	}
	return ", since it belongs to " + userName(int(owner.Uid)) + " and this is run by " + userName(os.Geteuid())
}

func userName(id int) string {
	number := strconv.Itoa(id)
	if u, err := user.LookupId(number); err == nil {
		return u.Username
	}
	return "user " + number
}

// writeAll writes, syncs and closes.
func writeAll(file *os.File, f keyFile) error {
	text, err := json.MarshalIndent(f, "", "  ")
	if err == nil {
		_, err = file.Write(append(text, '\n'))
	}
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return bot.E(bot.Internal, "write key file", err)
	}
	return nil
}

// syncFolder makes the file's name survive a power cut, as its content does.
func syncFolder(path string) error {
	folder, err := os.Open(filepath.Dir(path))
	if err == nil {
		err = errors.Join(folder.Sync(), folder.Close())
	}
	if err != nil {
		return bot.E(bot.Internal, "sync the folder of the key file", err)
	}
	return nil
}

// lockFolder makes two rotations follow each other: otherwise the second would
// drop the key that the first one made. The lock goes with the process.
func lockFolder(path string) (unlock func(), err error) {
	folder, err := os.Open(filepath.Dir(path))
	if err != nil {
		return nil, bot.E(bot.Denied, "open the folder of the key file", err)
	}
	if err := syscall.Flock(int(folder.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(bot.E(bot.Internal, "lock the folder of the key file", err), folder.Close())
	}
	return func() { _ = folder.Close() }, nil
}

func making(kind bot.Kind, cause error, format string, args ...any) error {
	return &bot.Error{Kind: kind, Op: "write key file", Text: fmt.Sprintf(format, args...), Err: cause}
}
