// Package enroll is the conversation in which a person sees what he is enrolled
// with, and adds, changes and removes authentication types of his own. Each
// change is proved first. Its states and arrows are drawn in states.mermaid.
//
// Steps are pure; what they ask for is done by Run, through the enroller of
// package bot. It knows no chat and no store. Nothing in its records lets
// anybody in: new addresses are sealed there, links are made when they are shown.
package enroll
