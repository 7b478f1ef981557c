// Package vault owns the installation's keys: it makes, lists, rotates and
// retires the keys of the key file, seals and opens secrets, makes keyed hashes,
// hashes and judges answers, draws codes, and computes and checks TOTP steps. It
// also writes the otpauth address of a seed and its QR code, for enrolling.
//
// It knows nothing of policies, attempts or stores: whether a step was used
// before, and how many tries are left, is for the ledger to say. cmd opens it
// and hands it to flows and to the unlock core.
package vault
