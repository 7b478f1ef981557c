// Package unlock is the conversation in which an agent finds a person, proves
// on page Authenticate who is calling, and unlocks on page Unlock. Its states
// and arrows are drawn in states.mermaid.
//
// Steps are pure; what they ask for is done by Run, through the desk, the
// verifier and the unlocker of package bot. It knows no chat and no store.
package unlock
