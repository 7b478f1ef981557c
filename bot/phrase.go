package bot

import "strings"

// phrase is the short phrase of a case, the same for agent and user: who calls
// and says he is the helpdesk proves it by saying it first. It is made of the
// session, by key, so that nobody else can know it. Nobody helps himself by
// phone, so that self-service has none.
func (v *Verifier) phrase(f Facts) (string, error) {
	if f.Case.Self {
		return "", nil
	}
	mac, err := v.Vault.MAC("phrase", f.Case.Session)
	if err != nil {
		return "", err
	}
	qualities, things := strings.Fields(phraseQualities), strings.Fields(phraseThings)
	n := len(mac)
	return qualities[int(mac[n-1])%len(qualities)] + " " + things[int(mac[n-2])%len(things)], nil
}

// Sixty-four of each: short, known to learners of English, told apart over a
// bad line, and of GSM's alphabet.
const (
	phraseQualities = `amber brave calm clever cloudy copper cosy crisp dusty early eager fancy fresh frosty gentle golden
		grand green happy hidden honest humble icy jolly kind large late lazy light little lively lone
		lucky magic mellow merry mild misty modern noble northern old orange patient plain polite proud purple
		quick quiet rapid royal rusty shiny silent silver simple smooth snowy solid sunny tidy warm wooden`
	phraseThings = `anchor apple arrow badger barrel basket beacon bridge button cabin camel candle canyon castle cherry circle
		comet cotton dolphin dragon eagle engine falcon feather forest garden giraffe guitar hammer harbor helmet island
		jacket jungle kettle ladder lantern lemon magnet marble meadow melon mirror needle ocean orchard otter paddle
		panda parrot pebble pencil piano pillow planet pocket rabbit ribbon river rocket saddle temple tunnel window`
)
