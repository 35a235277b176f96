// The judge: what Go's own packages for transparency logs say of notes, trees and proofs. It reads one question in JSON from each line of
// standard input and writes the answer to a line of standard output: `{"ok": ...}`, or `{"error": "..."}` where the packages refuse it.
package main

import (
	"bufio"
	"crypto/rand"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"strings"

	cosignature "github.com/transparency-dev/formats/note"
	"github.com/transparency-dev/formats/proof"
	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type question struct {
	Ask string `json:"ask"`

	// Of notes.
	Name  string   `json:"name"`
	Note  string   `json:"note"`
	Text  string   `json:"text"`
	Keys  []string `json:"keys"`  // verifier keys of logs
	Cokey []string `json:"cokey"` // verifier keys of witnesses
	Key   string   `json:"key"`   // a private key

	// Of trees: the entries' bytes, a number of them, an index, and the hashes of a proof.
	Entries [][]byte    `json:"entries"`
	Size    int64       `json:"size"`
	Old     int64       `json:"old"`
	Index   int64       `json:"index"`
	Leaf    tlog.Hash   `json:"leaf"`
	Root    tlog.Hash   `json:"root"`
	OldRoot tlog.Hash   `json:"oldRoot"`
	Proof   []tlog.Hash `json:"proof"`

	// A tlog-proof, and what stands in its line "extra".
	File  string `json:"file"`
	Extra []byte `json:"extra"`
}

var answers = map[string]func(question) (any, error){
	"generateKey":        generateKey,
	"sign":               sign,
	"cosign":             cosign,
	"open":               open,
	"grow":               grow,
	"checkInclusion":     checkInclusion,
	"checkConsistency":   checkConsistency,
	"proveInclusion":     proveInclusion,
	"proveConsistency":   proveConsistency,
	"parseCheckpoint":    parseCheckpoint,
	"marshalTlogProof":   marshalTlogProof,
	"unmarshalTlogProof": unmarshalTlogProof,
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 64<<20)
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	for lines.Scan() {
		if err := out.Encode(answer(lines.Bytes())); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	if err := lines.Err(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func answer(line []byte) any {
	var asked question
	if err := json.Unmarshal(line, &asked); err != nil {
		return map[string]string{"error": err.Error()}
	}
	find, known := answers[asked.Ask]
	if !known {
		return map[string]string{"error": "no such question: " + asked.Ask}
	}
	found, err := find(asked)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return map[string]any{"ok": found}
}

// ------------------------------------------------------------------------------------------------------------------------- notes

func generateKey(q question) (any, error) {
	private, public, err := note.GenerateKey(rand.Reader, q.Name)
	return map[string]string{"private": private, "public": public}, err
}

func sign(q question) (any, error) {
	signer, err := note.NewSigner(q.Key)
	if err != nil {
		return nil, err
	}
	signed, err := note.Sign(&note.Note{Text: q.Text}, signer)
	return string(signed), err
}

// The note with one more signature: that of a witness.
func cosign(q question) (any, error) {
	signer, err := cosignature.NewSignerForCosignatureV1(q.Key)
	if err != nil {
		return nil, err
	}
	known, err := verifiers(q)
	if err != nil {
		return nil, err
	}
	opened, err := note.Open([]byte(q.Note), known)
	if err != nil {
		return nil, err
	}
	signed, err := note.Sign(opened, signer)
	return string(signed), err
}

// The text, and whose signatures were checked.
func open(q question) (any, error) {
	known, err := verifiers(q)
	if err != nil {
		return nil, err
	}
	opened, err := note.Open([]byte(q.Note), known)
	if err != nil {
		return nil, err
	}
	names := []string{}
	for _, signature := range opened.Sigs {
		names = append(names, signature.Name)
	}
	return map[string]any{"text": opened.Text, "signedBy": names}, nil
}

func verifiers(q question) (note.Verifiers, error) {
	list := []note.Verifier{}
	for _, key := range q.Keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return nil, err
		}
		list = append(list, verifier)
	}
	for _, key := range q.Cokey {
		verifier, err := cosignature.NewVerifierForCosignatureV1(key)
		if err != nil {
			return nil, err
		}
		list = append(list, verifier)
	}
	return note.VerifierList(list...), nil
}

// ------------------------------------------------------------------------------------------------------------------------- trees

// The log of this process: everything that `grow` was given.
var (
	hashes []tlog.Hash
	size   int64
)

var reader = tlog.HashReaderFunc(func(indexes []int64) ([]tlog.Hash, error) {
	found := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(hashes)) {
			return nil, fmt.Errorf("the log has no hash %d", index)
		}
		found[i] = hashes[index]
	}
	return found, nil
})

// The root after each of the entries.
func grow(q question) (any, error) {
	roots := []tlog.Hash{}
	for _, entry := range q.Entries {
		stored, err := tlog.StoredHashes(size, entry, reader)
		if err != nil {
			return nil, err
		}
		hashes = append(hashes, stored...)
		size++
		root, err := tlog.TreeHash(size, reader)
		if err != nil {
			return nil, err
		}
		roots = append(roots, root)
	}
	return roots, nil
}

func proveInclusion(q question) (any, error) {
	return tlog.ProveRecord(q.Size, q.Index, reader)
}

func proveConsistency(q question) (any, error) {
	return tlog.ProveTree(q.Size, q.Old, reader)
}

func checkInclusion(q question) (any, error) {
	return true, tlog.CheckRecord(q.Proof, q.Size, q.Root, q.Index, q.Leaf)
}

func checkConsistency(q question) (any, error) {
	return true, tlog.CheckTree(q.Proof, q.Size, q.Root, q.Old, q.OldRoot)
}

// A checkpoint's text is read by Go's package where its first line is that of Go's own log: the rest is the same.
func parseCheckpoint(q question) (any, error) {
	_, rest, _ := strings.Cut(q.Text, "\n")
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	return map[string]any{"size": tree.N, "root": tree.Hash}, err
}

// ------------------------------------------------------------------------------------------------------------------ tlog-proofs

func marshalTlogProof(q question) (any, error) {
	path, err := tlog.ProveRecord(q.Size, q.Index, reader)
	if err != nil {
		return nil, err
	}
	made := proof.TLogProof{Index: uint64(q.Index), Checkpoint: []byte(q.Note), ExtraData: q.Extra}
	for _, hash := range path {
		made.Hashes = append(made.Hashes, [sha256.Size]byte(hash))
	}
	return string(made.Marshal()), nil
}

// Its index and extra data, where its path leads from the leaf of that data to the root of its checkpoint.
func unmarshalTlogProof(q question) (any, error) {
	var read proof.TLogProof
	if err := read.Unmarshal([]byte(q.File)); err != nil {
		return nil, err
	}
	known, err := verifiers(q)
	if err != nil {
		return nil, err
	}
	opened, err := note.Open(read.Checkpoint, known)
	if err != nil {
		return nil, err
	}
	_, rest, _ := strings.Cut(opened.Text, "\n")
	tree, err := tlog.ParseTree([]byte("go.sum database tree\n" + rest))
	if err != nil {
		return nil, err
	}
	path := tlog.RecordProof{}
	for _, hash := range read.Hashes {
		path = append(path, tlog.Hash(hash))
	}
	leaf := tlog.RecordHash(read.ExtraData)
	if err := tlog.CheckRecord(path, tree.N, tree.Hash, int64(read.Index), leaf); err != nil {
		return nil, err
	}
	names := []string{}
	for _, signature := range opened.Sigs {
		names = append(names, signature.Name)
	}
	return map[string]any{"index": read.Index, "extra": read.ExtraData, "signedBy": names}, nil
}
