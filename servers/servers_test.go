package servers

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// beOrphaned in the environment makes this test binary start a server and wait
// to be killed.
const beOrphaned = "LATCHKEY_BE_ORPHANED"

func TestMain(m *testing.M) {
	if os.Getenv(beOrphaned) != "" {
		directory, err := startSlapd(SlapdSpec{})
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		fmt.Println(directory.PID(), directory.Dir)
		select {}
	}
	Main(m)
}

func TestServerEndsWithItsTestBinary(t *testing.T) {
	Used(t, "slapd")
	binary := exec.Command(os.Args[0])
	binary.Env = append(os.Environ(), beOrphaned+"=1")
	output, err := binary.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := binary.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(output).ReadString('\n')
	var group int
	var dir string
	if _, scanErr := fmt.Sscan(strings.TrimSpace(line), &group, &dir); err != nil || scanErr != nil || group <= 1 {
		t.Fatalf("the test binary says %q: %v", line, err)
	}
	defer os.RemoveAll(dir)
	if err := binary.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = binary.Wait() // it was killed
	for deadline := time.Now().Add(stopWithin); ; time.Sleep(pollEvery) {
		left, err := groupMembers(group)
		if err != nil {
			t.Fatal(err)
		}
		if left == 0 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d processes of the server outlive the killed test binary", left)
		}
	}
}
