package bot

import "fmt"

// carrier names what takes the codes of a type.
func carrier(t Type) string {
	if t == Mobile {
		return "gateway of text messages"
	}
	return "mail server"
}

// codeText tells the user what the code is for, and by what he knows who asks
// for it. A text message has no name in it, and no letter beyond GSM's
// alphabet: it shall fit into one of 160 places, and stands on locked screens.
func codeText(f Facts, t Type, code, phrase string) string {
	minutes := int(f.Policy.Limits.CodeLife.Minutes())
	if f.Case.Self {
		return selfText(f, t, code, minutes)
	}
	if t == Mobile {
		return fmt.Sprintf("Helpdesk code %s, good for %d min. Real staff say first: %s. Read it to the helpdesk you called only. Not you? Tell your security team.",
			code, minutes, phrase)
	}
	return fmt.Sprintf(`Hello %s,

somebody at the helpdesk is helping to unlock your account. If you are speaking with the helpdesk now, wait until they have said this phrase to you:

    %s

Then read this code to them:

    %s

It is good for %d minutes. Who does not say the phrase first is not the helpdesk. If you did not call the helpdesk, tell nobody this code, and report the message to your security team.
`, Line(f.Accounts[0].DisplayName), phrase, code, minutes)
}

// selfText is for who unlocks himself: there is nobody to read the code to.
func selfText(f Facts, t Type, code string, minutes int) string {
	if t == Mobile {
		return fmt.Sprintf("Code %s to unlock your own account, good for %d min. Read it to nobody. Did you not ask for it? Tell your security team.", code, minutes)
	}
	return fmt.Sprintf(`Hello %s,

you are about to unlock your account by yourself. Enter this code where you began:

    %s

It is good for %d minutes. Read it to nobody: not to the helpdesk, either. If you did not ask for it, report the message to your security team.
`, Line(f.Accounts[0].DisplayName), code, minutes)
}
