// Proves that an entry stands in a log, from one file, in this browser alone: nothing is sent.
//
// Formats: C2SP tlog-proof, tlog-checkpoint, signed-note, tlog-cosignature; RFC 6962.
// Each value has one spelling, and any other is refused. Verdicts and reasons are those of
// `doithoai audit check-proof`; a test holds the two against each other.
"use strict";

// ---------------------------------------------------------------- limits and verdicts

const PROOF_MAX_BYTES = 524288;
const EXTRA_MAX_BYTES = 131072;
const NOTE_MAX_BYTES = 262144;
const KEYS_MAX_BYTES = 262144;
const KEYS_MAX = 1000;
const DEPTH_MAX = 64;
const DIGITS_MAX = 300;
const HASHES_MAX = 63;
const SIGNATURES_MAX = 64;
const NAME_MAX_CHARACTERS = 255;
const NUMBER_MAX = 2n ** 63n - 1n;
const LOG = 0x01;
const WITNESS = 0x04;

/** Something is not what it is claimed to be; the message is the code of the reason. */
class Disproven extends Error {}

/** Nobody can tell: this is no proof, or something is missing. */
class Unknown extends Error {}

// ---------------------------------------------------------------- what a line may hold

const BASE64 = /^[0-9A-Za-z+/]*={0,2}$/;
const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/;
const NO_NAME = /[\u0000-\u0020+\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const encoded = (text) => new TextEncoder().encode(text);
const equal = (one, other) => one.length === other.length && one.every((b, at) => b === other[at]);
const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

function decoded(bytes) {
  return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
}

function joined(...parts) {
  const all = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

/** Returns the number, 0 to 2^63 - 1; null when it isn't one, or spelt otherwise. */
function numberOf(text) {
  const value = NUMBER.test(text) ? BigInt(text) : -1n;
  return value >= 0n && value <= NUMBER_MAX ? value : null;
}

/** Returns what `text` states in base64; null when it isn't, or is spelt otherwise. */
function bytesOf(text) {
  if (!BASE64.test(text) || text.length % 4) return null;
  const letters = atob(text);
  return btoa(letters) === text ? Uint8Array.from(letters, (each) => each.charCodeAt(0)) : null;
}

function hashOf(text) {
  const bytes = bytesOf(text);
  return bytes !== null && bytes.length === 32 ? bytes : null;
}

function isName(name) {
  return name !== "" && [...name].length <= NAME_MAX_CHARACTERS && !NO_NAME.test(name);
}

// ---------------------------------------------------------------- the files

/** Returns what a tlog-proof holds; nothing is verified yet. */
function parseProof(content) {
  if (content.length > PROOF_MAX_BYTES) throw new Unknown("eventlog.proof_too_large");
  const malformed = new Unknown("eventlog.proof_malformed");
  const gap = content.findIndex((byte, at) => byte === 10 && content[at + 1] === 10);
  const head = content.subarray(0, Math.max(gap, 0));
  if (gap < 0 || head.some((byte) => byte > 127)) throw malformed;
  const [heading, ...lines] = decoded(head).split("\n");
  let entry = null;
  if (lines.length && lines[0].startsWith("extra ")) {
    entry = bytesOf(lines.shift().slice(6));
    if (entry === null || entry.length > EXTRA_MAX_BYTES) throw malformed;
  }
  if (heading !== "c2sp.org/tlog-proof@v1") throw malformed;
  if (lines.length < 1 || lines.length > 1 + HASHES_MAX) throw malformed;
  const index = lines[0].startsWith("index ") ? numberOf(lines[0].slice(6)) : null;
  const hashes = lines.slice(1).map(hashOf);
  if (index === null || hashes.includes(null)) throw malformed;
  return { index, hashes, entry, note: content.subarray(gap + 2) };
}

/** Returns the text of a signed note, and what its signature lines say. */
function parseNote(content) {
  if (content.length > NOTE_MAX_BYTES) throw new Unknown("eventlog.note_too_large");
  const malformed = new Unknown("eventlog.note_malformed");
  let whole;
  try {
    whole = decoded(content);
  } catch {
    throw malformed;
  }
  const gap = whole.lastIndexOf("\n\n");
  const lines = whole.slice(gap + 2).split("\n");
  if (gap < 0 || lines.pop() !== "" || /[\x00-\x09\x0b-\x1f]/.test(whole)) throw malformed;
  if (lines.length < 1 || lines.length > SIGNATURES_MAX) throw malformed;
  return { text: whole.slice(0, gap + 1), signatures: lines.map(parseSignature) };
}

function parseSignature(line) {
  const [, name, stated] = /^\u2014 ([^ ]*) ([^]*)$/.exec(line) ?? [null, "", ""];
  const content = bytesOf(stated);
  if (!isName(name) || content === null || content.length <= 4) {
    throw new Unknown("eventlog.signature_malformed");
  }
  return { name, keyId: hex(content.subarray(0, 4)), content: content.subarray(4) };
}

/** Returns what the text of a note says about a log. */
async function parseCheckpoint(text) {
  const lines = text.split("\n");
  const malformed = new Unknown("eventlog.checkpoint_malformed");
  if (lines.pop() !== "" || lines.length < 3 || lines.includes("")) throw malformed;
  const [origin, size, root] = [lines[0], numberOf(lines[1]), hashOf(lines[2])];
  if (size === null || root === null) throw malformed;
  if (size === 0n && !equal(root, await sha256())) throw malformed;
  return { origin, size, root };
}

// ---------------------------------------------------------------- the keys

/** Returns the keys of logs and witnesses that stand in `text`, one on each line. */
async function parseKeys(text) {
  const lines = new Set(text.split("\n").map((line) => line.replace(/^[ \t\r]+|[ \t\r]+$/g, "")));
  lines.delete("");
  if (lines.size > KEYS_MAX || encoded(text).length > KEYS_MAX_BYTES) {
    throw new Unknown("audit.too_many_given");
  }
  return Promise.all(Array.from(lines, parseKey));
}

async function parseKey(text) {
  const malformed = new Unknown("eventlog.key_malformed");
  const found = /^([^+]+)\+([0-9a-f]{8})\+([0-9A-Za-z+/=]+)$/.exec(text);
  if (!found || !isName(found[1])) throw malformed;
  const [, name, keyId] = found;
  const content = bytesOf(found[3]);
  if (content === null || content.length !== 33 || ![LOG, WITNESS].includes(content[0])) {
    throw malformed;
  }
  if (!isKeyPoint(content.slice(1))) throw malformed;
  const named = await sha256(encoded(`${name}\n`), content);
  if (hex(named.subarray(0, 4)) !== keyId) throw malformed;
  return { name, keyId, kind: content[0], publicKey: content.subarray(1) };
}

/** The y of points of small order, under which signatures verify that nobody made. */
const SMALL_ORDER = [
  "0000000000000000000000000000000000000000000000000000000000000000",
  "0100000000000000000000000000000000000000000000000000000000000000",
  "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
];

/** Returns whether 32 bytes can be a key: canonical and of large order. Source: RFC 8032. */
function isKeyPoint(bytes) {
  const y = Uint8Array.from(bytes);
  y[31] &= 0x7f; // without the sign of x
  const isBeyond = y[0] >= 0xed && y[31] === 0x7f && y.subarray(1, 31).every((b) => b === 0xff);
  return !isBeyond && !SMALL_ORDER.includes(hex(y));
}

async function isSigned(publicKey, signature, message) {
  const key = await crypto.subtle.importKey("raw", publicKey, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", key, signature, message);
}

/** Returns whether this browser can verify Ed25519, by a signature known to be right. */
async function knowsEd25519() {
  const bytes = (text) => Uint8Array.from(text.match(/../g), (each) => parseInt(each, 16));
  // RFC 8032, section 7.1, test 1: an empty message.
  const key = bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  const right = bytes(
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
  );
  const wrong = joined(Uint8Array.of(0), right.subarray(1));
  try {
    const nothing = new Uint8Array();
    return (await isSigned(key, right, nothing)) && !(await isSigned(key, wrong, nothing));
  } catch {
    return false;
  }
}

/** Returns who signed the note, of those whose keys are given. */
async function signedBy(note, keys) {
  const found = [];
  for (const key of keys) {
    const claimed = note.signatures.filter((s) => s.name === key.name && s.keyId === key.keyId);
    if (claimed.length > 1) throw new Disproven("eventlog.signature_repeated");
    if (claimed.length) found.push(await verified(note.text, key, claimed[0].content));
  }
  return found;
}

async function verified(text, key, content) {
  let [signature, message, time] = [content, text, null];
  if (key.kind === WITNESS) {
    if (content.length < 8) throw new Disproven("eventlog.signature_wrong");
    time = new DataView(content.slice(0, 8).buffer).getBigUint64(0);
    message = `cosignature/v1\ntime ${time}\n${text}`;
    signature = content.subarray(8);
  }
  const isInTime = time === null || time <= NUMBER_MAX;
  let isRight = false;
  try {
    isRight = isInTime && (await isSigned(key.publicKey, signature, encoded(message)));
  } catch {
    isRight = false; // no point of the curve: nothing can be signed by it
  }
  if (!isRight) throw new Disproven("eventlog.signature_wrong");
  return { name: key.name, keyId: key.keyId, time };
}

// ---------------------------------------------------------------- the proof

/** Returns whether `hashes` lead from `leaf` to `root`. Source: RFC 9162, section 2.1.3.2. */
async function isIncluded(leaf, index, size, hashes, root) {
  if (index >= size) return false;
  let [at, last, above] = [index, size - 1n, leaf];
  for (const beside of hashes) {
    if (last === 0n) return false;
    if (at & 1n || at === last) {
      above = await sha256(Uint8Array.of(1), beside, above);
      while (at && !(at & 1n)) [at, last] = [at >> 1n, last >> 1n];
    } else {
      above = await sha256(Uint8Array.of(1), above, beside);
    }
    [at, last] = [at >> 1n, last >> 1n];
  }
  return last === 0n && equal(above, root);
}

/** Returns whether JSON without its strings is no deeper, and has no longer numbers, than may be. */
function isBounded(bare) {
  let depth = 0;
  for (const [bracket] of bare.matchAll(/[[\]{}]/g)) {
    depth += bracket === "[" || bracket === "{" ? 1 : -1;
    if (depth > DEPTH_MAX) return false;
  }
  return !new RegExp(`[0-9]{${DIGITS_MAX + 1}}`).test(bare);
}

/** Returns the entry as JSON; null when it isn't an object, or breaks the rule of the command. */
function documentOf(entry) {
  try {
    const text = decoded(entry);
    if (!isBounded(text.replace(/"[^"\\]*(?:\\[^][^"\\]*)*"/g, ""))) return null;
    const found = JSON.parse(text);
    return typeof found === "object" && !Array.isArray(found) ? found : null;
  } catch {
    return null;
  }
}

/** Fills `facts` with what the file says, and returns when it is proven by `keysText`. */
async function prove(content, keysText, facts) {
  if (!globalThis.crypto?.subtle) throw new Unknown("page.no_crypto");
  const keys = await parseKeys(keysText);
  const proof = parseProof(content);
  if (proof.entry === null) throw new Unknown("audit.proof_without_entry");
  const note = parseNote(proof.note);
  const checkpoint = await parseCheckpoint(note.text);
  const told = documentOf(proof.entry);
  const leaf = await sha256(Uint8Array.of(0), proof.entry);
  Object.assign(facts, checkpoint, { index: proof.index, entry: proof.entry, leaf });
  Object.assign(facts, { told, signatures: note.signatures });
  if (!keys.length) throw new Unknown("page.no_key");
  const ofLog = keys.filter((key) => key.kind === LOG && key.name === checkpoint.origin);
  if (!ofLog.length) throw new Unknown("audit.key_of_another_log");
  if (!(await knowsEd25519())) throw new Unknown("page.no_ed25519");
  facts.byLog = await signedBy(note, ofLog);
  if (!facts.byLog.length) throw new Unknown("eventlog.checkpoint_unsigned");
  const witnesses = keys.filter((key) => key.kind === WITNESS);
  facts.byWitnesses = await signedBy(note, witnesses);
  if (!(await isIncluded(leaf, proof.index, checkpoint.size, proof.hashes, checkpoint.root))) {
    throw new Disproven("eventlog.entry_unproven");
  }
  if (told?.source !== undefined && told.source !== checkpoint.origin) {
    throw new Disproven("audit.proof_of_another_log");
  }
  const names = (those) => new Set(those.map((each) => each.name)).size;
  if (names(facts.byWitnesses) < names(witnesses)) throw new Unknown("audit.witnesses_missing");
}

/** Returns verdict, code of the reason, and what the file says. Never throws. */
async function checkProof(content, keysText) {
  const facts = {};
  try {
    await prove(content, keysText, facts);
    return { verdict: "proven", reason: null, facts };
  } catch (error) {
    const isVerdict = error instanceof Disproven || error instanceof Unknown;
    const verdict = error instanceof Disproven ? "disproven" : "unknown";
    return { verdict, reason: isVerdict ? error.message : "page.failed", facts };
  }
}
